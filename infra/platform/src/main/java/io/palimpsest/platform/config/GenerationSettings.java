package io.palimpsest.platform.config;

/**
 * Generations of the index.
 *
 * @param buildPercent of the time that a build may work while no change is due, 1 to 100
 */
public record GenerationSettings(int buildPercent) {
    static void define(Definition definition) {
        definition
                .group("Generations")
                .integer(
                        "generation.build.percent",
                        100,
                        1,
                        100,
                        "Share of the time that the build of a generation may work; it yields to changes in any case.");
    }

    static GenerationSettings of(Values values) {
        return new GenerationSettings(values.integer("generation.build.percent"));
    }
}
