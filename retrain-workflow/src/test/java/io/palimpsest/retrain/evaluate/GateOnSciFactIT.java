package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.retrain.evaluate.EvaluationSlice.Judged;
import io.palimpsest.retrain.evaluate.EvaluationSlice.Kind;
import io.palimpsest.retrain.evaluate.GateVerdict.Reason;
import io.palimpsest.retrain.feedback.KeyedDigests;
import io.palimpsest.retrain.feedback.QueryLogRows;
import io.palimpsest.retrain.judgement.BeirLines;
import io.palimpsest.retrain.judgement.JudgementParts;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.snapshot.Snapshot;
import io.palimpsest.retrain.snapshot.SnapshotLine;
import io.palimpsest.retrain.snapshot.SnapshotManifest;
import io.palimpsest.retrain.snapshot.SnapshotPlan;
import io.palimpsest.retrain.snapshot.SnapshotStanding;
import io.palimpsest.retrain.snapshot.Snapshots;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gate on real data. SciFact's own split leaks: 196 of its 300 test queries share a relevant document with the training
 * queries; only the other 104 show what a model is worth.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
final class GateOnSciFactIT {
    private static final ContentHash SNAPSHOT = ContentHash.ofText("scifact");

    private static SciFactVectors vectors;
    private static VectorWorld world;
    private static List<EvaluationSlice> slices;

    private record Pairs(List<float[]> queries, List<float[]> documents) {}

    @BeforeAll
    static void load() throws Exception {
        vectors = SciFactVectors.load();
        world = new VectorWorld(vectors.documents(), vectors.queries());
        Set<String> trained = new HashSet<>();
        vectors.train().qrels().values().forEach(gains -> trained.addAll(gains.keySet()));
        List<Judged> leaky = new ArrayList<>();
        List<Judged> unseen = new ArrayList<>();
        vectors.test().qrels().forEach((id, gains) -> {
            String text = vectors.test().queries().getOrDefault(id, "");
            boolean leaks = gains.keySet().stream().anyMatch(trained::contains);
            (leaks ? leaky : unseen).add(new Judged(id, text, gains));
        });
        assertThat(leaky).hasSize(196);
        slices = List.of(
                new EvaluationSlice("repeated", Kind.TAG, leaky),
                new EvaluationSlice("unseen", Kind.DOCUMENT_DISJOINT, unseen));
    }

    @Test
    void theAdapterThatGainsOnTheLeakySplitIsRefused() {
        Pairs pairs = pairs();
        Evaluation evaluation =
                evaluate(world.search(LinearAdapter.train(pairs.queries(), pairs.documents(), 0.1, 0.3)::apply));
        report("adapter", evaluation);

        assertThat(gain(evaluation, "repeated").low()).as("a gain that is none").isPositive();
        assertThat(gain(evaluation, "unseen").gain()).isNegative();
        assertRefused(evaluation);
    }

    @Test
    void anAdapterOfShuffledLabelsIsRefused() {
        Pairs pairs = pairs();
        List<float[]> shuffled = new ArrayList<>(pairs.documents());
        Collections.shuffle(shuffled, new Random(5));
        Evaluation evaluation = evaluate(world.search(LinearAdapter.train(pairs.queries(), shuffled, 1, 0.3)::apply));
        report("shuffled", evaluation);

        assertRefused(evaluation);
    }

    @Test
    void anAdapterOfPoisonedFeedbackIsRefused() {
        Pairs pairs = pairs();
        List<float[]> poisoned = new ArrayList<>(pairs.documents());
        float[] pushed = vectors.documents().values().iterator().next();
        Random random = new Random(5);
        poisoned.replaceAll(document -> random.nextInt(10) < 3 ? pushed : document);
        Evaluation evaluation = evaluate(world.search(LinearAdapter.train(pairs.queries(), poisoned, 1, 0.5)::apply));
        report("poisoned", evaluation);

        assertRefused(evaluation);
    }

    /** A model that sees a quarter of what the candidate sees is truly worse. */
    @Test
    void aTrueGainIsPromoted() {
        SearchUnderTest smaller = world.search(query -> {
            float[] cut = query.clone();
            Arrays.fill(cut, cut.length / 4, cut.length, 0);
            return cut;
        });
        Evaluation evaluation = evaluate(smaller, world.search(UnaryOperator.identity()));
        report("smaller -> whole", evaluation);

        assertThat(judge(evaluation).refusals()).isEmpty();
    }

    /** What helps on all queries together need not be shown on unseen documents: then it is refused, too. */
    @Test
    void aGainThatTooFewQueriesShowIsRefused() {
        KeywordScores keywords = new KeywordScores(vectors.texts().values());
        SearchUnderTest hybrid = query -> {
            double[] vector = world.scores(VectorWorld.vector(vectors.queries(), query));
            double[] keyword = keywords.of(query);
            double best = Math.max(1e-9, Arrays.stream(keyword).max().orElse(0));
            double[] fused = new double[vector.length];
            Arrays.setAll(fused, i -> 0.6 * vector[i] + 0.4 * keyword[i] / best);
            return new SearchUnderTest.Answer(world.best(fused), Duration.ofMillis(5), 0);
        };
        Evaluation evaluation = evaluate(world.search(UnaryOperator.identity()), hybrid);
        report("vector -> hybrid", evaluation);

        assertThat(gain(evaluation, "repeated").low()).isPositive();
        assertRefused(evaluation);
    }

    /** What is trained on one field forgets another: Cranfield is the frozen general set. */
    @Test
    void anAdapterThatForgotAnotherFieldIsRefusedForThat() throws Exception {
        SciFactVectors general = SciFactVectors.cranfield(60);
        Map<String, float[]> documents = new LinkedHashMap<>(vectors.documents());
        documents.putAll(general.documents());
        Map<String, float[]> queries = new LinkedHashMap<>(vectors.queries());
        queries.putAll(general.queries());
        VectorWorld both = new VectorWorld(documents, queries);
        List<Judged> judged = new ArrayList<>();
        general.test().qrels().forEach((id, gains) -> {
            Map<String, Integer> named = new LinkedHashMap<>();
            gains.forEach((document, gain) -> named.put("cranfield-" + document, gain));
            judged.add(new Judged(id, general.test().queries().getOrDefault(id, ""), named));
        });
        Pairs pairs = pairs();
        Evaluation evaluation = new Evaluator(
                        new Evaluator.Contender(new ModelId("serving"), both.search(UnaryOperator.identity())),
                        new Evaluator.Contender(
                                new ModelId("candidate"),
                                both.search(LinearAdapter.train(pairs.queries(), pairs.documents(), 0.1, 0.3)::apply)),
                        5,
                        done -> {})
                .evaluate(List.of(
                        slices.getFirst(), slices.getLast(), new EvaluationSlice("general", Kind.GENERAL, judged)));
        System.out.println("adapter, general: " + gain(evaluation, "general") + " n=" + judged.size());

        assertThat(judge(evaluation).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .containsExactly(Reason.NO_GAIN, Reason.FORGETTING);
    }

    /** From judgements in BEIR's layout to the verdict, as a run does it. */
    @Test
    void aSnapshotOfOursShowsWhatTheOfficialSplitHides(@TempDir Path folder) throws Exception {
        Path data = SciFactVectors.data();
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            Sql sql = database.sql();
            QueryCipher cipher = QueryLogRows.cipher();
            LedgerEntries entries = new LedgerEntries(new byte[32]);
            Suppressions suppressions = new Suppressions(sql, new byte[32], Clock.systemUTC());
            Judgements judgements = new Judgements(new JudgementParts(
                    sql,
                    new LoggedQueries(sql, cipher),
                    cipher,
                    new KeyedDigests(new byte[32]),
                    place -> Optional.empty(),
                    document -> Optional.empty(),
                    suppressions,
                    Settings.defaults(folder).judgement(),
                    entries,
                    entry -> {},
                    Clock.systemUTC()));
            Judgements.ImportOptions options = new Judgements.ImportOptions("scifact", null, false);
            judgements.add(QueryLogRows.DOCS, BeirLines.read(data, "train"), options);
            judgements.add(QueryLogRows.DOCS, BeirLines.read(data, "test"), options);
            Snapshots snapshots = new Snapshots(new Snapshots.Parts(
                    sql,
                    new InMemoryContentStore(),
                    place -> Optional.empty(),
                    document -> Optional.empty(),
                    suppressions,
                    entries,
                    entry -> {},
                    Clock.systemUTC()));
            long start = System.nanoTime();
            Snapshot made = snapshots.make(
                    QueryLogRows.DOCS,
                    judgements.graded(QueryLogRows.DOCS),
                    SnapshotPlan.of(42, 0.2, 50),
                    "service:test");
            System.out.println("snapshot in " + (System.nanoTime() - start) / 1_000_000 + " ms: "
                    + made.manifest().slices().values() + " removed "
                    + made.manifest().removed());
            Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
            for (SnapshotLine line : made.lines(SnapshotManifest.TRAIN)) {
                pairs.queries().add(VectorWorld.vector(vectors.queries(), line.query()));
                pairs.documents()
                        .add(VectorWorld.vector(
                                vectors.documents(), line.documentId().value()));
            }
            Evaluation evaluation = new Evaluator(
                            new Evaluator.Contender(new ModelId("serving"), world.search(UnaryOperator.identity())),
                            new Evaluator.Contender(
                                    new ModelId("candidate"),
                                    world.search(
                                            LinearAdapter.train(pairs.queries(), pairs.documents(), 0.1, 0.3)::apply)),
                            5,
                            done -> {})
                    .evaluate(SnapshotSlices.of(made));
            GateVerdict verdict = new Gate(GateRules.NORMAL)
                    .judge(
                            evaluation,
                            snapshots.standing(
                                    QueryLogRows.DOCS, made.manifest().hash()));
            System.out.println(verdict.sentence());
            new EvaluationReport("scifact", made.manifest().hash(), evaluation, verdict)
                    .writeTo(Path.of("target", "evaluation")); // to be looked at

            assertThat(verdict.refusals())
                    .extracting(GateVerdict.Refusal::reason)
                    .containsExactly(Reason.NO_GAIN);
        }
    }

    private static Pairs pairs() {
        Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
        vectors.train()
                .qrels()
                .forEach((id, gains) -> gains.keySet().stream().sorted().forEach(document -> {
                    String text = vectors.train().queries().getOrDefault(id, "");
                    pairs.queries().add(VectorWorld.vector(vectors.queries(), text));
                    pairs.documents().add(VectorWorld.vector(vectors.documents(), document));
                }));
        return pairs;
    }

    private static Evaluation evaluate(SearchUnderTest candidate) {
        return evaluate(world.search(UnaryOperator.identity()), candidate);
    }

    private static Evaluation evaluate(SearchUnderTest serving, SearchUnderTest candidate) {
        return new Evaluator(
                        new Evaluator.Contender(new ModelId("serving"), serving),
                        new Evaluator.Contender(new ModelId("candidate"), candidate),
                        5,
                        done -> {})
                .evaluate(slices);
    }

    private static GateVerdict judge(Evaluation evaluation) {
        return new Gate(GateRules.NORMAL).judge(evaluation, new SnapshotStanding.Sound(SNAPSHOT));
    }

    private static void assertRefused(Evaluation evaluation) {
        assertThat(judge(evaluation).refusals())
                .extracting(GateVerdict.Refusal::reason)
                .contains(Reason.NO_GAIN);
        assertThat(judge(evaluation).sentence()).startsWith("Not better: kept the serving model.");
    }

    private static Evaluation.Comparison gain(Evaluation evaluation, String slice) {
        return evaluation.slices().stream()
                .filter(each -> each.name().equals(slice))
                .findFirst()
                .orElseThrow()
                .of(Measure.NDCG_AT_10);
    }

    private static void report(String name, Evaluation evaluation) {
        for (String slice : List.of("repeated", "unseen")) {
            System.out.println(name + ", " + slice + ": " + gain(evaluation, slice) + " n="
                    + Map.of("repeated", slices.getFirst(), "unseen", slices.getLast())
                            .getOrDefault(slice, slices.getFirst())
                            .queries()
                            .size());
        }
    }
}
