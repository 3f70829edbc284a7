package io.palimpsest.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs that make better models, and how they are rolled out.
 *
 * @param index where the index service is; empty: in this process
 * @param indexCaFile PEM; empty: the authorities the JVM trusts
 * @param indexKey with the roles SEARCH, OPERATE and APPROVE there; absent: the service's own, for any tenant
 * @param trainer of runs that an alarm starts
 * @param labelling longest time that a run collects labels
 * @param silence of a step, after which the process that did it is taken for dead and another does it
 * @param shadow how long live queries are also asked of a new generation before it goes live
 * @param shadowShare of live queries, 0 to 1
 * @param watch how long a new generation may be rolled back by itself
 * @param keep how long the one before it is kept up to date after that
 */
public record RetrainSettings(
        Optional<URI> index,
        Optional<Path> indexCaFile,
        Secret indexKey,
        String trainer,
        Duration labelling,
        Duration silence,
        Duration shadow,
        double shadowShare,
        Duration watch,
        Duration watchEvery,
        Duration keep) {
    static void define(Definition definition) {
        definition
                .group("Retrain")
                .text(
                        "retrain.index.address",
                        "",
                        "Address of the index service, such as https://index.example.org. Empty: the one in this process.")
                .text(
                        "retrain.index.ca.file",
                        "",
                        "PEM file of the certificates to trust there. Empty: those that the JVM trusts.")
                .secret(
                        "retrain.index.key",
                        "Key for the index service, with the roles SEARCH, OPERATE and APPROVE: only its tenant is served"
                                + " then, and candidates are compared on what this key may see. Empty: a key of the"
                                + " platform's own for each tenant, which sees what everyone of the tenant may see.")
                .choice(
                        "retrain.trainer",
                        "lora",
                        "Trainer of runs that an alarm of drift starts.",
                        "lora",
                        "adapter",
                        "command")
                .duration("retrain.labelling", "P7D", "Longest time that a run collects labels before it goes on.")
                .duration(
                        "retrain.silence",
                        "PT1M",
                        "After which silence of a step the process that did it is taken for dead, and it is done again.")
                .duration(
                        "rollout.shadow",
                        "PT10M",
                        "How long live queries are also asked of a new generation before it goes live; PT0S: not at all.")
                .ratio("rollout.shadow.share", 0.1, 0, 1, "Share of live queries for that.")
                .duration("rollout.watch", "P1D", "How long a new generation may be rolled back by itself.")
                .duration("rollout.watch.every", "PT1H", "Time between two looks at it.")
                .duration(
                        "rollout.keep",
                        "P7D",
                        "How long after a promotion the generation before it gets every change too, so that 'rollback' leads"
                                + " back to it at once. Then it is dropped.");
    }

    static RetrainSettings of(Values values) {
        return new RetrainSettings(
                values.uri("retrain.index.address"),
                values.path("retrain.index.ca.file"),
                values.secret("retrain.index.key"),
                values.text("retrain.trainer"),
                values.duration("retrain.labelling"),
                values.duration("retrain.silence"),
                values.duration("rollout.shadow"),
                values.ratio("rollout.shadow.share"),
                values.duration("rollout.watch"),
                values.duration("rollout.watch.every"),
                values.duration("rollout.keep"));
    }

    static List<String> problems(Values values) {
        List<String> services = values.list("services");
        return services.contains(ServiceSettings.Service.RETRAIN.word())
                        && !services.contains(ServiceSettings.Service.INDEX.word())
                        && values.optional("retrain.index.address").isEmpty()
                ? List.of("retrain.index.address: needed with services=" + String.join(",", services)
                        + ": the index service is in another process")
                : List.of();
    }
}
