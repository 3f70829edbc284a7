package io.palimpsest.index.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedders;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.TestModels;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.model.RegisteredModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class GenerationActsTest {
    @TempDir
    private Path folder;

    private final InMemoryPassageIndex index = new InMemoryPassageIndex();
    private final Corpus corpus = new Corpus();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private TestModels models;
    private ModelId tuned;
    private GenerationTable table;
    private Generations generations;
    private GenerationActs acts;

    @BeforeEach
    void open() {
        models = new TestModels(folder);
        tuned = models.encoder("tuned", 8);
        table = new GenerationTable(models.database().sql());
        Embedders embedders = models.embedders(new HashingEmbedder(8));
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        generations = new Generations(
                index,
                table,
                new Generations.Built(embedders.configured().model(), 8, new PassagePolicyId("paragraphs/1")),
                entries,
                ledger::add,
                () -> now);
        acts = new GenerationActs(
                index,
                table,
                generations,
                embedders,
                corpus,
                entries,
                ledger::add,
                corpus.telemetry,
                Duration.ZERO,
                () -> now);
        generations.forWriting(Corpus.COLLECTION);
    }

    @AfterEach
    void close() {
        models.close();
    }

    private GenerationRow made() {
        now = now.plusMillis(1);
        return acts.make(Corpus.COLLECTION, tuned, "key:ann");
    }

    private GenerationRow ready() {
        GenerationRow row = made();
        table.built(row.id(), now);
        return table.find(row.id()).orElseThrow();
    }

    private Generation live() {
        return generations.live(Corpus.COLLECTION).orElseThrow().passages();
    }

    /** As an index that has the revision would be written to. */
    private static DocumentWrite.Put put(DocumentRevised revision, int passages, String... access) {
        List<PassageEntry> entries = new ArrayList<>();
        for (int i = 0; i < passages; i++) {
            entries.add(new PassageEntry(
                    PassageId.of(ContentHash.ofText("p" + i), 0), "p" + i, new float[] {1, 0, 0, 0, 0, 0, 0, 0}));
        }
        return new DocumentWrite.Put(
                revision.key(),
                revision.revision(),
                revision.revisedAt(),
                Json.writeText(revision),
                new AccessList(Set.of(access)),
                Map.of(),
                entries);
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... words) {
        assertThatThrownBy(call).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(List.of(words)).allSatisfy(word -> assertThat(e).hasMessageContaining(word));
        });
    }

    @Test
    void aHalfBuiltGenerationMayNotGoLiveAndTheRefusalNamesTheGate() {
        GenerationId half = made().id();
        Generation before = live();
        refused(
                () -> acts.swap(Corpus.COLLECTION, half, "eager", "key:ann"),
                ErrorCode.GENERATION_GATES_FAILED,
                "BUILT");
        assertThat(live()).isEqualTo(before);
        assertThat(ErrorCode.GENERATION_GATES_FAILED.httpStatus()).isEqualTo(409);
        assertThat(table.find(half).orElseThrow().gates()).contains("BUILT").contains("false");
        refused(this::made, ErrorCode.GENERATION_UNDER_WAY);
        refused(() -> generations.named(Corpus.COLLECTION, half), ErrorCode.GENERATION_NOT_READY);
    }

    @Test
    void aGenerationThatLacksADocumentMayNotGoLive() {
        DocumentRevised revision = corpus.revise(Corpus.COLLECTION, "urn:1", "one", "*");
        index.apply(live().id(), List.of(put(revision, 2, "*")));
        GenerationRow row = ready();
        refused(
                () -> acts.swap(Corpus.COLLECTION, row.id(), null, "key:ann"),
                ErrorCode.GENERATION_GATES_FAILED,
                "COUNTS",
                "DIGESTS",
                "1 documents differ");
        index.apply(row.id(), List.of(put(revision, 1, "*")));
        // The right revision with other passages is as its current revision says only where the live one says so too.
        assertThat(acts.check(row)).filteredOn(gate -> !gate.passed()).isEmpty();
    }

    @Test
    void aGenerationThatShowsDeletedOrRestrictedDocumentsMayNotGoLive() {
        DocumentRevised secret = corpus.revise(Corpus.COLLECTION, "urn:1", "one", "group:hr");
        DocumentRevised gone = corpus.revise(Corpus.COLLECTION, "urn:2", "two", "*");
        corpus.delete(Corpus.COLLECTION, "urn:2");
        index.apply(live().id(), List.of(put(secret, 1, "*"), put(gone, 1, "*")));
        GenerationRow row = ready();
        index.apply(row.id(), List.of(put(secret, 1, "*"), put(gone, 1, "*")));
        refused(
                () -> acts.swap(Corpus.COLLECTION, row.id(), null, "key:ann"),
                ErrorCode.GENERATION_GATES_FAILED,
                "DELETED_HIDDEN",
                "RESTRICTED_HIDDEN");
    }

    @Test
    void swapAndRollBackAreOneStepEachWithHistoryLedgerAndModelStates() {
        Generation first = live();
        GenerationRow row = ready();
        acts.swap(Corpus.COLLECTION, row.id(), "better", "key:ann");
        acts.swap(Corpus.COLLECTION, row.id(), "again", "key:ann");
        assertThat(live()).isEqualTo(row.passages());
        assertThat(generations.written(Corpus.COLLECTION)).containsExactly(row.passages(), first);
        assertThat(models.store().find(tuned).orElseThrow().state()).isEqualTo(RegisteredModel.State.SERVING);

        now = now.plusSeconds(60);
        acts.rollBack(Corpus.COLLECTION, row.id(), "worse", "key:bob");
        acts.rollBack(Corpus.COLLECTION, row.id(), "worse", "key:bob");
        assertThat(live()).isEqualTo(first);
        assertThat(generations.written(Corpus.COLLECTION)).containsExactly(first, row.passages());
        assertThat(models.store().find(tuned).orElseThrow().state()).isEqualTo(RegisteredModel.State.RETIRED);
        refused(() -> acts.rollBack(Corpus.COLLECTION, null, null, "key:bob"), ErrorCode.NOTHING_TO_ROLL_BACK);

        assertThat(table.history(Corpus.COLLECTION))
                .extracting(LivePeriod::act)
                .containsExactly(LivePeriod.Act.FIRST, LivePeriod.Act.SWAP, LivePeriod.Act.ROLLBACK);
        assertThat(table.history(Corpus.COLLECTION).get(1).until()).isEqualTo(now);
        assertThat(ledger)
                .extracting(LedgerEntry::type)
                .containsExactly(
                        LedgerEntry.Type.GENERATION_MADE,
                        LedgerEntry.Type.GENERATION_LIVE,
                        LedgerEntry.Type.GENERATION_MADE,
                        LedgerEntry.Type.GENERATION_LIVE,
                        LedgerEntry.Type.GENERATION_LIVE);
        assertThat(ledger.getLast().actor()).isEqualTo("key:bob");
        assertThat(ledger.getLast().facts().values()).doesNotContain("worse");
        assertThat(ledger.getLast().commitment()).isNotNull();
    }

    @Test
    void anActWhoseManifestCannotBeReadIsToldWithoutItsRoot() {
        acts.guardedBy(new SwapGate() {
            @Override
            public void mayGoLive(GenerationRow candidate, @Nullable String reason, String actor) {}

            @Override
            public Optional<String> manifestRoot(GenerationRow row) {
                throw new PalimpsestException(ErrorCode.DATABASE_FAILED, "away");
            }

            @Override
            public boolean mayVanish(GenerationRow dropping) {
                return true;
            }
        });
        GenerationRow row = ready();
        acts.swap(Corpus.COLLECTION, row.id(), "better", "key:ann");
        assertThat(ledger.getLast().type()).isEqualTo(LedgerEntry.Type.GENERATION_LIVE);
        assertThat(ledger.getLast().facts()).doesNotContainKey("manifest");
        acts.rollBack(Corpus.COLLECTION, null, "worse", "key:ann");
        assertThat(ledger.getLast().facts()).containsEntry("act", "ROLLBACK");
        acts.drop(Corpus.COLLECTION, row.id(), "key:ann");
        assertThat(ledger.getLast().type()).isEqualTo(LedgerEntry.Type.GENERATION_DROPPED);
    }

    @Test
    void anAdapterOfQueriesIsReadyAtOnceAndReadsThePassagesOfItsBase() {
        float[][] none = new float[8][1];
        ModelId base = live().model();
        ModelId adapter = models.adapter("booster", base, none, new float[1][8]);
        ModelId stranger = models.adapter("stranger", tuned, none, new float[1][8]);
        refused(() -> acts.make(Corpus.COLLECTION, stranger, "key:ann"), ErrorCode.MODEL_UNSUITABLE);

        Generation first = live();
        GenerationRow row = acts.make(Corpus.COLLECTION, adapter, "key:ann");
        acts.swap(Corpus.COLLECTION, row.id(), "repeated questions", "key:ann");
        Serving serving = generations.live(Corpus.COLLECTION).orElseThrow();
        assertThat(serving.model()).isEqualTo(adapter);
        assertThat(serving.passages()).isEqualTo(first);
        assertThat(generations.written(Corpus.COLLECTION)).containsExactly(first);
        refused(
                () -> acts.drop(Corpus.COLLECTION, first.id(), "key:ann"),
                ErrorCode.GENERATION_IN_USE,
                "reads the passages");
        acts.rollBack(Corpus.COLLECTION, row.id(), "hurt", "key:ann");
        acts.drop(Corpus.COLLECTION, row.id(), "key:ann");
        now = now.plusSeconds(10);
        acts.sweep();
        assertThat(index.generations()).contains(first);
        assertThat(live()).isEqualTo(first);
    }

    @Test
    void whatIsDroppedIsForgottenByTheIndexOnceNobodyCanBeReadingIt() {
        GenerationRow row = ready();
        refused(() -> acts.drop(Corpus.COLLECTION, live().id(), "key:ann"), ErrorCode.GENERATION_IN_USE, "is live");
        acts.drop(Corpus.COLLECTION, row.id(), "key:ann");
        acts.drop(Corpus.COLLECTION, row.id(), "key:ann");
        refused(() -> acts.find(Corpus.COLLECTION, row.id()), ErrorCode.NOT_FOUND);
        assertThat(generations.written(Corpus.COLLECTION)).containsExactly(live());
        acts.sweep();
        assertThat(index.generations()).contains(row.passages());
        now = now.plusSeconds(10);
        acts.sweep();
        assertThat(index.generations()).doesNotContain(row.passages());
        assertThat(ledger.getLast().type()).isEqualTo(LedgerEntry.Type.GENERATION_DROPPED);
    }

    @Test
    void asOfReadsWhatWasLiveThenUnlessTheLiveOneHasThatHistory() {
        Generation first = live();
        Instant before = now;
        now = now.plusSeconds(60);
        GenerationRow row = ready();
        now = now.plusSeconds(60);
        Instant between = now;
        acts.swap(Corpus.COLLECTION, row.id(), null, "key:ann");
        assertThat(generations.asOf(Corpus.COLLECTION, before).orElseThrow().passages())
                .isEqualTo(first);
        assertThat(generations.asOf(Corpus.COLLECTION, between).orElseThrow().passages())
                .isEqualTo(row.passages());
        acts.drop(Corpus.COLLECTION, first.id(), "key:ann");
        refused(() -> generations.asOf(Corpus.COLLECTION, before), ErrorCode.AS_OF_NOT_RETAINED);
        refused(() -> acts.rollBack(Corpus.COLLECTION, null, null, "key:ann"), ErrorCode.NOTHING_TO_ROLL_BACK);
    }

    @Test
    void anotherProcessSeesASwapAtItsNextLook() {
        Generations other = new Generations(
                index,
                table,
                new Generations.Built(live().model(), 8, new PassagePolicyId("paragraphs/1")),
                new LedgerEntries(new byte[32]),
                ledger::add,
                () -> now);
        GenerationRow row = ready();
        acts.swap(Corpus.COLLECTION, row.id(), null, "key:ann");
        other.look();
        assertThat(other.live(Corpus.COLLECTION).orElseThrow().id()).isEqualTo(row.id());
    }
}
