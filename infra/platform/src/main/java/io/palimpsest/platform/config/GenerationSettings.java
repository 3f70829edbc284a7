package io.palimpsest.platform.config;

import java.time.Duration;

/**
 * Generations of the index.
 *
 * @param buildPercent of the time that a build may work while no change is due, 1 to 100
 * @param swapWitnessed whether a swap waits until witnesses have seen what is intended
 * @param swapWait how long one call waits for that
 */
public record GenerationSettings(int buildPercent, boolean swapWitnessed, Duration swapWait) {
    static void define(Definition definition) {
        definition
                .group("Generations")
                .integer(
                        "generation.build.percent",
                        100,
                        1,
                        100,
                        "Share of the time that the build of a generation may work; it yields to changes in any case.")
                .flag(
                        "generation.swap.witnessed",
                        false,
                        "Whether a swap waits until as many witnesses as ledger.witness.quorum says have cosigned a checkpoint that covers"
                                + " its intent: the generation, its manifest, and what was approved before.")
                .duration(
                        "generation.swap.wait",
                        "PT10S",
                        "How long one call for such a swap waits; then it is refused with PAL-924, and may be asked for again.");
    }

    static GenerationSettings of(Values values) {
        return new GenerationSettings(
                values.integer("generation.build.percent"),
                values.flag("generation.swap.witnessed"),
                values.duration("generation.swap.wait"));
    }
}
