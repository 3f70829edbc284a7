package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes cards from the registry: of models after Mitchell et al. 2019, "Model Cards for Model Reporting", §4; of indexes after Pushkarna
 * et al. 2022, "Data Cards".
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED, STORE_FAILED.
 */
public final class Cards {
    private final Sql sql;
    private final RegistryTables tables;
    private final RunEvaluations evaluations;
    private final Aliases aliases;
    private final LedgerEntries entries;

    public Cards(Sql sql, RunEvaluations evaluations, LedgerEntries entries) {
        this.sql = sql;
        this.tables = new RegistryTables(sql);
        this.evaluations = evaluations;
        this.aliases = new Aliases(sql);
        this.entries = entries;
    }

    /**
     * @param artifact as the registry gave it to who asks
     * @param sees the collections of whose training sets, runs and alias moves is told
     */
    public Card of(Artifact artifact, Predicate<CollectionKey> sees) {
        List<Card.Section> sections = new ArrayList<>();
        sections.add(facts("Details", details(artifact)));
        switch (artifact.kind()) {
            case EMBEDDER, ADAPTER, RERANKER, GENERATOR -> model(artifact, sees, sections);
            case GENERATION -> index(artifact, sections);
            case TOKENISER, PASSAGE_POLICY, EXTRACTOR -> sections.add(registered(artifact));
            case SNAPSHOT, RUN -> {}
        }
        sections.add(new Card.Section("What this does not say", Map.of(), List.of(), limits(artifact.kind())));
        return new Card(title(artifact), artifact.id(), artifact.digest(), sections);
    }

    private static String title(Artifact artifact) {
        return switch (artifact.kind()) {
            case EMBEDDER, ADAPTER, RERANKER, GENERATOR -> "Model card: " + artifact.id();
            case GENERATION -> "Index card: " + artifact.id();
            default -> "Card: " + artifact.id();
        };
    }

    private static Map<String, String> details(Artifact artifact) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kind", artifact.kind().name());
        Optional.ofNullable(artifact.collection())
                .ifPresent(collection -> facts.put("collection", collection.toString()));
        facts.put("state", artifact.state());
        facts.put("registered", artifact.registeredAt().toString());
        facts.putAll(new TreeMap<>(artifact.from()));
        artifact.description().forEach((name, value) -> {
            if (value instanceof String || value instanceof Number) {
                facts.putIfAbsent(name, String.valueOf(value));
            }
        });
        facts.put("in use by", artifact.uses().isEmpty() ? "nothing" : String.join(", ", artifact.uses()));
        return facts;
    }

    private void model(Artifact artifact, Predicate<CollectionKey> sees, List<Card.Section> sections) {
        if (artifact.description().get("files") instanceof Map<?, ?> files) {
            sections.add(rows(
                    "Files",
                    files.entrySet().stream()
                            .map(file -> row(
                                    "file", String.valueOf(file.getKey()), "sha-256", String.valueOf(file.getValue())))
                            .toList()));
        }
        sections.add(
                facts("Licence", Map.of("licence", "not recorded: that of its base, and of what it was trained on")));
        Optional.ofNullable(artifact.from().get("snapshot")).ifPresent(hash -> sections.addAll(snapshot(hash, sees)));
        Optional<RunRecord> run = run(artifact.id(), sees);
        run.ifPresent(found -> training(found, sections));
        sections.add(rows(
                "Aliases",
                aliases.history().stream()
                        .filter(move -> sees.test(move.collection()))
                        .filter(move -> move.alias().equals("serving"))
                        .filter(move ->
                                artifact.id().equals(move.to()) || artifact.id().equals(move.from()))
                        .map(Cards::move)
                        .toList()));
        run.map(found -> ledger(
                        found.collection(),
                        Map.of(
                                LedgerEntry.Type.MODEL_REGISTERED, artifact.id(),
                                LedgerEntry.Type.RUN_STARTED, found.id(),
                                LedgerEntry.Type.RUN_ENDED, found.id(),
                                LedgerEntry.Type.MODEL_PROMOTED, found.id(),
                                LedgerEntry.Type.MODEL_ROLLED_BACK, found.id())))
                .or(() -> Optional.of(registered(artifact))
                        .filter(section -> !section.rows().isEmpty()))
                .ifPresent(sections::add);
    }

    private Card.Section registered(Artifact artifact) {
        return told(Map.of(Registrations.entryId(entries, artifact), LedgerEntry.Type.ARTIFACT_REGISTERED));
    }

    private List<Card.Section> snapshot(String hash, Predicate<CollectionKey> sees) {
        List<Card.Section> sections = new ArrayList<>();
        sql.query(
                        "SELECT manifest, retired_at, tenant, collection FROM training_snapshot WHERE snapshot = ?",
                        row -> {
                            JsonNode manifest = Json.read(row.getString(1).getBytes(UTF_8), JsonNode.class);
                            row.getLong(2);
                            boolean retired = !row.wasNull();
                            return sees.test(CollectionKey.of(row.getString(3), row.getString(4)))
                                    ? snapshot(hash, manifest, retired)
                                    : List.<Card.Section>of();
                        },
                        hash)
                .forEach(sections::addAll);
        return sections;
    }

    private List<Card.Section> snapshot(String hash, JsonNode manifest, boolean retired) {
        Map<String, String> facts = new LinkedHashMap<>(Map.of("training set", hash));
        manifest.path("plan")
                .properties()
                .forEach(plan -> facts.put(plan.getKey(), plan.getValue().asText()));
        facts.put("tainted", retired ? "yes: a document that was learned from has been erased since" : "no");
        List<Map<String, String>> excluded = new ArrayList<>();
        for (String how : List.of("refused", "removed")) {
            manifest.path(how)
                    .properties()
                    .forEach(rule -> excluded.add(row(
                            "rule",
                            rule.getKey(),
                            "how",
                            how,
                            "count",
                            rule.getValue().asText())));
        }
        List<Map<String, String>> slices = new ArrayList<>();
        manifest.path("slices")
                .properties()
                .forEach(slice -> slices.add(row(
                        "slice", slice.getKey(),
                        "queries", slice.getValue().path("queries").asText(),
                        "lines", slice.getValue().path("lines").asText(),
                        "sha-256", slice.getValue().path("sha256").asText())));
        return List.of(
                new Card.Section("Training and evaluation data", facts, slices, List.of()),
                rows("Left out of it", excluded));
    }

    private void training(RunRecord run, List<Card.Section> sections) {
        Map<String, String> facts = new LinkedHashMap<>(Map.of("run", run.id()));
        facts.put("outcome", String.valueOf(run.outcome()));
        for (String name : List.of("trainer", "seed", "labels")) {
            Optional.ofNullable(run.request().get(name)).ifPresent(value -> facts.put(name, value.asText()));
        }
        sections.add(facts("Training", facts));
        evaluations
                .of(run.id())
                .ifPresent(found -> sections.add(new Card.Section(
                        "Evaluation",
                        Map.of("compared with", found.serving(), "gate", found.sentence()),
                        found.measures().stream().map(Cards::measured).toList(),
                        List.of("Gains are candidate minus serving, with their 95 % confidence interval."))));
        sections.add(rows(
                "Approvals",
                sql.query(
                        "SELECT approved, given_at FROM approval WHERE run = ? ORDER BY given_at",
                        row -> row(
                                "said",
                                row.getInt(1) == 1 ? "approved" : "refused",
                                "at",
                                Instant.ofEpochMilli(row.getLong(2)).toString()),
                        run.id())));
        sections.add(rows(
                "Cost",
                sql.query(
                        "SELECT kind, wall_millis, cpu_millis, steps, embedded FROM cost WHERE run_id = ? ORDER BY kind",
                        row -> row(
                                "work", row.getString(1),
                                "wall ms", row.getString(2),
                                "cpu ms", row.getString(3),
                                "steps", row.getString(4),
                                "embedded", row.getString(5)),
                        run.id())));
    }

    private void index(Artifact artifact, List<Card.Section> sections) {
        GenerationRecord row = tables.generation(artifact.id()).orElseThrow();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model of passages", row.passagesModel());
        facts.put("dimensions", Integer.toString(row.dimensions()));
        facts.put("documents of its build", Long.toString(row.documents()));
        facts.put("passages of its build", Long.toString(row.passagesDone()));
        facts.put("embedded by its build", Long.toString(row.embedded()));
        facts.put("build ms", Long.toString(row.buildMillis()));
        sections.add(facts("Content", facts));
        sections.add(rows(
                "Extractors of the collection's current revisions",
                sql.query(
                        "SELECT extractor, policy, COUNT(*) FROM revision_made_by WHERE tenant = ? AND collection = ?"
                                + " GROUP BY extractor, policy ORDER BY extractor, policy",
                        found -> row(
                                "extractor",
                                found.getString(1),
                                "passage policy",
                                found.getString(2),
                                "documents",
                                found.getString(3)),
                        row.collection().tenant().value(),
                        row.collection().collection().value())));
        sections.add(rows("Gates, when it was last looked at", gates(row)));
        sections.add(rows(
                "Live",
                row.periods().stream()
                        .map(period -> row(
                                "from", period.from().toString(),
                                "until",
                                        period.until() == null
                                                ? "now"
                                                : period.until().toString(),
                                "act", period.act()))
                        .toList()));
        Map<LedgerEntry.Type, String> acts = new LinkedHashMap<>(Map.of(LedgerEntry.Type.GENERATION_MADE, row.id()));
        row.periods().stream()
                .findFirst()
                .ifPresent(period -> acts.put(LedgerEntry.Type.GENERATION_LIVE, row.id() + "\n" + period.number()));
        sections.add(ledger(row.collection(), acts));
    }

    private static List<Map<String, String>> gates(GenerationRecord generation) {
        String json = generation.gates();
        if (json == null || generation.state().equals("DROPPING")) { // then it is the time since when it is dropped
            return List.of();
        }
        List<Map<String, String>> gates = new ArrayList<>();
        for (JsonNode gate : Json.read(json.getBytes(UTF_8), JsonNode.class)) {
            Map<String, String> row = new LinkedHashMap<>();
            gate.properties()
                    .forEach(field -> row.put(field.getKey(), field.getValue().asText()));
            gates.add(row);
        }
        return gates;
    }

    private Card.Section ledger(CollectionKey collection, Map<LedgerEntry.Type, String> acts) {
        LedgerEntries.Scope scope = new LedgerEntries.Scope(collection.tenant(), collection.collection());
        Map<String, LedgerEntry.Type> ids = new LinkedHashMap<>();
        acts.forEach((type, act) -> ids.put(entries.id(type, scope, act), type));
        return told(ids);
    }

    /** @param ids of entries, those that are in the log and others */
    private Card.Section told(Map<String, LedgerEntry.Type> ids) {
        List<Map<String, String>> rows = new ArrayList<>();
        ids.forEach((id, type) -> tables.ledgerIndex(id)
                .ifPresent(index -> rows.add(row("index", Long.toString(index), "type", type.name(), "entry", id))));
        rows.sort(Comparator.comparingLong(row -> Long.parseLong(String.valueOf(row.get("index")))));
        return rows("In the ledger", rows);
    }

    private Optional<RunRecord> run(String model, Predicate<CollectionKey> sees) {
        return sql
                .query(
                        "SELECT run_id FROM run_stage WHERE stage = 'TRAIN' AND result LIKE '%' || ? || '%' ORDER BY done_at",
                        row -> row.getString(1), "\"" + model + "\"")
                .stream()
                .flatMap(id -> tables.run(id).stream())
                .filter(run -> run.candidate().filter(model::equals).isPresent())
                .filter(run -> sees.test(run.collection()))
                .findFirst();
    }

    private static Map<String, String> measured(RunEvaluations.Measured found) {
        return row(
                "slice", found.slice() + " (" + found.queries() + " queries)",
                "measure", found.measure(),
                "serving", number(found.serving()),
                "candidate", number(found.candidate()),
                "gain", number(found.gain()) + " [" + number(found.low()) + ", " + number(found.high()) + "]");
    }

    private static Map<String, String> move(Aliases.Move move) {
        return row(
                "at", move.at().toString(),
                "alias", move.collection() + ": " + move.alias(),
                "from", move.from() == null ? "nothing" : move.from(),
                "to", move.to(),
                "act", move.act());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static Card.Section facts(String heading, Map<String, String> facts) {
        return new Card.Section(heading, facts, List.of(), List.of());
    }

    private static Card.Section rows(String heading, List<Map<String, String>> rows) {
        return new Card.Section(heading, Map.of(), rows, rows.isEmpty() ? List.of("None.") : List.of());
    }

    private static Map<String, String> row(String... pairs) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put(pairs[i], pairs[i + 1]);
        }
        return row;
    }

    private static List<String> limits(ArtifactKind kind) {
        return switch (kind) {
            case EMBEDDER, ADAPTER, RERANKER, GENERATOR ->
                List.of(
                        "That it is good for any other collection than the one it was measured on.",
                        "That it treats groups of people alike: no such measure was taken.",
                        "What its base was trained on.",
                        "That it has forgotten what it learned from a document that was erased since: it is tainted then, and to be replaced.");
            case GENERATION ->
                List.of(
                        "That documents are true, or complete: they are what sources sent.",
                        "How many documents came after its build: see palimpsest status.");
            default -> List.of("More than the registry knows.");
        };
    }
}
