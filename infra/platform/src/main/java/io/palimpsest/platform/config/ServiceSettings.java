package io.palimpsest.platform.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which services this process runs, and its name among its like.
 *
 * @param run not empty
 * @param instance empty: the platform chooses one
 */
public record ServiceSettings(Set<Service> run, Optional<String> instance) {
    /** Kafka takes these letters in the names of group members; the length is arbitrary. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** What cannot stay in the process, or in its own folders, when other processes share the work. */
    private static final List<Shared> SHARED = List.of(
            new Shared(
                    "kafka.bootstrap.servers",
                    values -> values.optional("kafka.bootstrap.servers").isPresent(),
                    "the broker inside this JVM would have nobody else to talk to"),
            new Shared(
                    "database.url",
                    values -> values.text("database.url").startsWith("jdbc:postgresql:"),
                    "SQLite is a file of one process; give a jdbc:postgresql: address"),
            new Shared(
                    "content.dir",
                    values -> ContentSettings.isInS3(values)
                            || values.optional("content.dir").isPresent(),
                    "all services read one content store; give a folder that they share, or content.store=s3"),
            new Shared(
                    "content.master.key.file",
                    values -> values.optional("content.master.key.file").isPresent(),
                    "all services need the same key; give a file that they share"));

    private record Shared(String key, Predicate<Values> isGiven, String why) {}

    /** A part of the platform that can run as a process of its own. */
    public enum Service {
        /** From change to revision. */
        INGEST,
        /** From revision to searchable. */
        INDEX,
        /** From feedback to better models. */
        RETRAIN,
        /** From what services say they did to the transparency log; one process only. */
        LEDGER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ServiceSettings {
        run = Set.copyOf(run);
    }

    /** Whether this process needs no other one. */
    public boolean isEverything() {
        return run.contains(Service.INGEST) && run.contains(Service.INDEX);
    }

    public boolean runs(Service service) {
        return run.contains(service);
    }

    static void define(Definition definition) {
        definition
                .group("Services")
                .list(
                        "services",
                        words().collect(Collectors.joining(",")),
                        "What this process runs: ingest (from change to revision), index (embedding, index, search, answers),"
                                + " retrain (feedback, drift, training, roll-outs), ledger (the transparency log, one process only). Where ingest or index is missing, kafka.bootstrap.servers, database.url, content.dir (or"
                                + " content.store=s3) and content.master.key.file say where it meets the others.")
                .text(
                        "instance.name",
                        "",
                        "Name of this process among those that run the same service, the same after each restart."
                                + " Empty: standalone where one process runs everything, otherwise the name of the host.");
    }

    static ServiceSettings of(Values values) {
        return new ServiceSettings(
                values.list("services").stream()
                        .map(word -> Service.valueOf(word.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Service.class))),
                values.optional("instance.name"));
    }

    /** Why the settings cannot work together. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        Set<String> known = words().collect(Collectors.toSet());
        List<String> wanted = values.list("services");
        for (String word : wanted) {
            if (!known.contains(word)) {
                problems.add("services: there is no service '" + word + "'; did you mean "
                        + NearestName.of(word, known) + "? There are: "
                        + words().collect(Collectors.joining(", ")));
            }
        }
        if (wanted.isEmpty()) {
            problems.add("services: name at least one of " + words().collect(Collectors.joining(", ")));
        }
        values.optional("instance.name")
                .filter(name -> !NAME.matcher(name).matches())
                .ifPresent(
                        name -> problems.add(
                                "instance.name: give 1 to 100 letters, digits, dots, hyphens and underscores, a letter or digit first"));
        if (problems.isEmpty() && !of(values).isEverything()) {
            problems.addAll(alone(values));
        }
        return problems;
    }

    private static List<String> alone(Values values) {
        String services = String.join(",", values.list("services"));
        return SHARED.stream()
                .filter(shared -> !shared.isGiven().test(values))
                .map(shared -> shared.key() + ": needed with services=" + services + ": " + shared.why())
                .sorted()
                .toList();
    }

    private static Stream<String> words() {
        return Stream.of(Service.values()).map(Service::word);
    }
}
