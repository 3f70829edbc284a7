package io.palimpsest.index.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedders;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.TestModels;
import io.palimpsest.index.generation.GenerationActs;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.indexer.Throttle;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.platform.config.GenerationSettings;
import io.palimpsest.platform.config.ManifestSettings;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.verifier.manifest.PassageProof;
import io.palimpsest.verifier.manifest.VrfSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class ManifestsTest {
    private static final VrfSecret SECRET = VrfSecret.generate(new SecureRandom());
    private static final Duration EVERY = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final InMemoryPassageIndex index = new InMemoryPassageIndex();
    private final Corpus corpus = new Corpus();
    private final ToyLog log = new ToyLog();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private TestModels models;
    private GenerationTable table;
    private GenerationActs acts;
    private GenerationRow live;
    private ManifestParts parts;
    private Leases leases;
    private Manifests manifests;

    @BeforeEach
    void open() {
        models = new TestModels(folder);
        leases = new Leases(models.database().sql(), "me", Leases.Pace.NORMAL);
        table = new GenerationTable(models.database().sql());
        Embedders embedders = models.embedders(new HashingEmbedder(8));
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        Generations generations = new Generations(
                index,
                table,
                new Generations.Built(embedders.configured().model(), 8, new PassagePolicyId("paragraphs/1")),
                entries,
                log,
                () -> now);
        acts = new GenerationActs(
                index, table, generations, embedders, corpus, entries, log, corpus.telemetry, Duration.ZERO, () -> now);
        generations.forWriting(Corpus.COLLECTION);
        live = table.all().getFirst();
        parts = parts(() -> SECRET);
        manifests = new Manifests(parts);
    }

    private ManifestParts parts(Supplier<VrfSecret> secret) {
        return new ManifestParts(
                new ManifestSettings(folder.resolve("manifests"), EVERY, Duration.ofDays(30), 1, 100),
                index,
                models.database().sql(),
                secret,
                new LedgerEntries(new byte[32]),
                log,
                log,
                log,
                new Throttle(100, () -> false),
                corpus.telemetry,
                () -> now,
                "me");
    }

    @AfterEach
    void close() {
        leases.close();
        models.close();
    }

    @Test
    void whatWasThereIsProvenAsOfEachManifestAndSoIsWhatWasNot() throws Exception {
        put("a", 1, "one", "two");
        ManifestRow first = made();
        later();
        put("a", 2, "two", "three");
        put("b", 1, "one");
        ManifestRow second = made();
        later();
        assertThat(proven("a", "one", first.at()).claim().present()).isTrue();
        assertThat(proven("a", "three", first.at()).claim().present()).isFalse();
        assertThat(proven("b", "", first.at()).claim().present()).isFalse();
        assertThat(proven("a", "one", second.at().plusSeconds(1)).claim().present())
                .isFalse();
        assertThat(proven("a", "three", null).claim().present()).isTrue();
        assertThat(proven("a", "three", null)
                        .verify(ToyLog.ORIGIN, Set.of(log.key()))
                        .revision())
                .contains(2L);
        assertThat(proven("b", "", null).claim().present()).isTrue();
        refused(() -> proven("a", "", first.at().minusSeconds(1)), ErrorCode.MANIFEST_MISSING);
        assertThat(second.size()).isEqualTo(3);
        assertThat(entries())
                .extracting(entry -> entry.facts().get("root"))
                .containsExactly(first.root(), second.root());
    }

    @Test
    void anUnchangedGenerationNeedsNoOtherManifestUnlessItIsAskedFor() {
        put("a", 1, "one");
        made();
        later();
        assertThat(manifests.make(live, ManifestRow.Reason.CHANGED, false, () -> false))
                .isEmpty();
        put("a", 2, "one"); // the same passages in another revision
        later();
        assertThat(manifests.make(live, ManifestRow.Reason.CHANGED, false, () -> false))
                .isPresent();
        later();
        assertThat(manifests.make(live, ManifestRow.Reason.ASKED, true, () -> false))
                .isPresent();
        assertThat(entries()).hasSize(3);
    }

    @Test
    void oneThatIsStoppedLeavesNothingBehind() throws Exception {
        put("a", 1, "one");
        assertThat(manifests.make(live, ManifestRow.Reason.ASKED, true, () -> true))
                .isEmpty();
        assertThat(entries()).isEmpty();
        try (Stream<Path> left = Files.list(folder.resolve("manifests"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void leavesAreKeptForATimeAndTheNewestAlways() {
        put("a", 1, "one");
        ManifestRow first = made();
        now = now.plus(Duration.ofDays(31));
        ManifestRow second = made();
        now = now.plus(Duration.ofDays(31));
        manifests.tidy(table.all());
        refused(() -> proven("a", "", first.at()), ErrorCode.MANIFEST_MISSING);
        assertThat(manifests.table().of(Corpus.COLLECTION, live.id(), 10))
                .extracting(ManifestRow::root)
                .containsExactly(second.root(), first.root());
        assertThat(proven("a", "", null).claim().present()).isTrue();
        manifests.tidy(table.all());
    }

    @Test
    void leavesGoWhereTheyTakeTooMuchOldestFirst() {
        for (int i = 0; i < 100; i++) {
            String[] texts = new String[100];
            for (int p = 0; p < texts.length; p++) {
                texts[p] = i + "/" + p;
            }
            put("d" + i, 1, texts);
        }
        ManifestRow first = made(); // 0.7 MiB
        later();
        ManifestRow second = made();
        manifests.tidy(table.all());
        assertThat(manifests
                        .table()
                        .of(Corpus.COLLECTION, live.id(), 10)
                        .getLast()
                        .file())
                .isNull();
        assertThat(manifests.file(second)).exists();
        assertThat(folder.resolve("manifests").resolve(String.valueOf(first.file())))
                .doesNotExist();
    }

    @Test
    void theLeavesOfAnotherProcessAreSaidToBeThere() {
        put("a", 1, "one");
        ManifestRow mine = made();
        ManifestParts others = new ManifestParts(
                parts.settings(),
                index,
                models.database().sql(),
                () -> SECRET,
                parts.entries(),
                log,
                log,
                log,
                parts.throttle(),
                corpus.telemetry,
                () -> now,
                "other");
        assertThatThrownBy(() -> new Manifests(others).file(mine)).hasMessageContaining("process me");
    }

    @Test
    void manifestsAreDueWhenAGenerationIsBuiltLiveChangedRetiredAndDropped() {
        DueManifests due = new DueManifests(manifests.table(), table, EVERY);
        put("a", 1, "one");
        assertThat(due.of(live, Instant.MIN, now).orElseThrow().reason()).isEqualTo(ManifestRow.Reason.LIVE);
        made();
        assertThat(due.of(live, Instant.MIN, now)).isEmpty();
        now = now.plus(EVERY);
        assertThat(due.of(live, Instant.MIN, now)).contains(new DueManifests.Due(ManifestRow.Reason.CHANGED, false));
        assertThat(due.of(live, now, now)).as("looked at, nothing new").isEmpty();
        ModelId tuned = models.encoder("tuned", 8);
        GenerationRow building = acts.make(Corpus.COLLECTION, tuned, "key:ann");
        assertThat(due.of(building, Instant.MIN, now)).isEmpty();
        table.built(building.id(), now);
        GenerationRow ready = row(building.id());
        assertThat(due.of(ready, Instant.MIN, now).orElseThrow().reason()).isEqualTo(ManifestRow.Reason.BUILT);
        put(ready, "a", 1, "one");
        later();
        acts.swap(Corpus.COLLECTION, ready.id(), null, "key:ann");
        later();
        assertThat(due.of(row(live.id()), Instant.MIN, now).orElseThrow().reason())
                .isEqualTo(ManifestRow.Reason.RETIRED);
        assertThat(due.of(row(ready.id()), Instant.MIN, now).orElseThrow().reason())
                .isEqualTo(ManifestRow.Reason.LIVE);
        acts.drop(Corpus.COLLECTION, live.id(), "key:ann");
        assertThat(due.of(row(live.id()), Instant.MIN, now).orElseThrow().reason())
                .isEqualTo(ManifestRow.Reason.DROPPED);
        assertThat(new DueManifests(manifests.table(), table, Duration.ZERO).of(row(live.id()), Instant.MIN, now))
                .isEmpty();
    }

    @Test
    void aSwapWaitsForWitnessesOfItsIntentAndNamesTheManifest() {
        put("a", 1, "one");
        GenerationRow candidate = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        table.built(candidate.id(), now);
        GenerationRow ready = row(candidate.id());
        put(ready, "a", 1, "one");
        ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases);
        acts.guardedBy(
                new ManifestGate(parts, manifests, watch, table, new GenerationSettings(100, true, Duration.ZERO)));
        refused(this::swap, ErrorCode.SWAP_UNWITNESSED);
        ManifestRow manifest = manifests
                .make(ready, ManifestRow.Reason.BUILT, true, () -> false)
                .orElseThrow();
        refused(this::swap, ErrorCode.SWAP_UNWITNESSED);
        refused(this::swap, ErrorCode.SWAP_UNWITNESSED);
        List<LedgerEntry> intents = entries().stream()
                .filter(entry -> "SWAP".equals(entry.facts().get("reason")))
                .toList();
        assertThat(intents).as("asked for again, it is the same").hasSize(1);
        assertThat(table.find(ready.id()).orElseThrow().state().name()).isEqualTo("READY");
        log.witnessed.add(intents.getFirst().entryId());
        refused(() -> acts.swap(Corpus.COLLECTION, ready.id(), "better", "key:bob"), ErrorCode.SWAP_UNWITNESSED);
        refused(() -> acts.swap(Corpus.COLLECTION, ready.id(), "other", "key:ann"), ErrorCode.SWAP_UNWITNESSED);
        swap();
        assertThat(table.find(ready.id()).orElseThrow().state().name()).isEqualTo("LIVE");
        LedgerEntry swapped = log.all().getLast();
        assertThat(swapped.type()).isEqualTo(LedgerEntry.Type.GENERATION_LIVE);
        assertThat(swapped.facts()).containsEntry("manifest", manifest.root());
        acts.rollBack(Corpus.COLLECTION, null, "worse", "key:ann"); // waits for nobody
        assertThat(table.find(live.id()).orElseThrow().state().name()).isEqualTo("LIVE");
    }

    @Test
    void anIntentThatWasWitnessedSpeaksOfItsManifestAlone() {
        put("a", 1, "one");
        GenerationRow candidate = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        table.built(candidate.id(), now);
        GenerationRow ready = row(candidate.id());
        put(ready, "a", 1, "one");
        ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases);
        acts.guardedBy(
                new ManifestGate(parts, manifests, watch, table, new GenerationSettings(100, true, Duration.ZERO)));
        assertThat(manifests.make(ready, ManifestRow.Reason.BUILT, true, () -> false))
                .isPresent();
        refused(this::swap, ErrorCode.SWAP_UNWITNESSED);
        log.witnessed.add(entries().getLast().entryId());
        later();
        assertThat(manifests.make(ready, ManifestRow.Reason.ASKED, true, () -> false))
                .isPresent();
        refused(this::swap, ErrorCode.SWAP_UNWITNESSED);
        log.witnessed.add(entries().getLast().entryId());
        swap();
    }

    @Test
    void aDroppedGenerationStaysUntilItsLastManifestIsMade() throws Exception {
        put("a", 1, "one");
        GenerationRow other = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        put(other, "a", 1, "one");
        try (ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases)) {
            acts.guardedBy(new ManifestGate(
                    parts, manifests, watch, table, new GenerationSettings(100, false, Duration.ZERO)));
            acts.drop(Corpus.COLLECTION, other.id(), "key:ann");
            now = now.plusSeconds(10);
            acts.sweep();
            assertThat(table.find(other.id())).isPresent();
            watch.start();
            Condition.await(
                    () -> manifests.table().newest(Corpus.COLLECTION, other.id()).stream()
                            .anyMatch(row -> row.reason() == ManifestRow.Reason.DROPPED),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(20));
            acts.sweep();
            assertThat(table.find(other.id())).isEmpty();
        }
    }

    @Test
    void theScheduleIsLookedAtEachQuarterOfAMinuteAndWhatIsAskedForAtOnce() throws Exception {
        put("a", 1, "one");
        ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases);
        watch.look();
        now = now.plus(EVERY).minusSeconds(1);
        put("a", 2, "two");
        watch.look();
        later();
        watch.look();
        assertThat(reasons(live.id())).containsExactly(ManifestRow.Reason.LIVE);
        later();
        watch.look();
        assertThat(reasons(live.id())).containsExactly(ManifestRow.Reason.CHANGED, ManifestRow.Reason.LIVE);
        now = now.plusSeconds(1);
        GenerationRow built = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        table.built(built.id(), now);
        assertThat(watch.ask(live.id())).isEqualTo(now);
        watch.look();
        assertThat(reasons(live.id())).startsWith(ManifestRow.Reason.ASKED);
        assertThat(reasons(built.id())).containsExactly(ManifestRow.Reason.BUILT);
    }

    @Test
    void whoAsksWhileOneIsMadeGetsAnotherThatSeesWhatTheyChanged() throws Exception {
        put("a", 1, "one");
        Deque<Runnable> asReadingBegins = new ArrayDeque<>();
        ManifestParts watched = parts(() -> {
            asReadingBegins.forEach(Runnable::run);
            asReadingBegins.clear();
            return SECRET;
        });
        ManifestWatch watch = new ManifestWatch(new Manifests(watched), table, watched, leases);
        asReadingBegins.add(() -> {
            now = now.plusSeconds(1);
            assertThat(watch.ask(live.id())).isEqualTo(now);
        });

        watch.look();
        Instant asked = now;
        watch.look();

        List<ManifestRow> made = manifests.table().of(Corpus.COLLECTION, live.id(), 10);
        assertThat(made)
                .extracting(ManifestRow::reason)
                .containsExactly(ManifestRow.Reason.ASKED, ManifestRow.Reason.LIVE);
        assertThat(made.getFirst().at()).isEqualTo(asked);
        assertThat(made.getLast().at()).isBefore(asked);
    }

    @Test
    void afterAStartWhatIsUnchangedIsNotPlacedAgain() throws Exception {
        put("a", 1, "one");
        new ManifestWatch(manifests, table, parts, leases).look();
        AtomicInteger placed = new AtomicInteger();
        ManifestParts restarted = parts(() -> {
            placed.incrementAndGet();
            return SECRET;
        });
        ManifestWatch watch = new ManifestWatch(new Manifests(restarted), table, restarted, leases);
        now = now.plus(EVERY);

        watch.look();
        assertThat(placed).hasValue(0);
        assertThat(reasons(live.id())).containsExactly(ManifestRow.Reason.LIVE);

        put("a", 2, "two");
        now = now.plus(EVERY);
        watch.look();
        assertThat(placed).hasPositiveValue();
        assertThat(reasons(live.id())).containsExactly(ManifestRow.Reason.CHANGED, ManifestRow.Reason.LIVE);
    }

    @Test
    void leavesAreTidiedOnceAnHour() throws Exception {
        put("a", 1, "one");
        ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases);
        watch.look();
        now = now.plus(Duration.ofDays(30));
        ManifestRow first =
                manifests.table().newest(Corpus.COLLECTION, live.id()).orElseThrow();
        made();
        watch.look(); // the first is not yet too old
        now = now.plus(Duration.ofMinutes(59));
        watch.look();
        assertThat(manifests.file(first)).exists();
        now = now.plus(Duration.ofMinutes(1));
        watch.look();
        assertThat(manifests
                        .table()
                        .of(Corpus.COLLECTION, live.id(), 10)
                        .getLast()
                        .file())
                .isNull();
    }

    @Test
    void whateverFailsTheWatchGoesOnWithTheOthers() throws Exception {
        put("a", 1, "one");
        made();
        models.database().sql().update("UPDATE index_manifest SET reason = 'of another release'");
        GenerationRow other = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        table.built(other.id(), now);
        AtomicBoolean failed = new AtomicBoolean();
        ManifestParts failing = new ManifestParts(
                parts.settings(),
                index,
                models.database().sql(),
                () -> SECRET,
                parts.entries(),
                log,
                log,
                log,
                parts.throttle(),
                corpus.telemetry,
                () -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new IllegalStateException("once");
                    }
                    return now;
                },
                "me");
        try (ManifestWatch watch = new ManifestWatch(manifests, table, failing, leases).start()) {
            assertThat(Condition.await(
                            () -> manifests
                                    .table()
                                    .newest(Corpus.COLLECTION, other.id())
                                    .isPresent(),
                            Duration.ofSeconds(30),
                            Duration.ofMillis(20)))
                    .isTrue();
            assertThat(failed).isTrue();
            assertThat(watch.isDone(other)).isTrue();
        }
    }

    @Test
    void whatDidNotReachTheLogIsToldAgainAlsoWhereNewerOnesWereMade() throws Exception {
        put("a", 1, "one");
        ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases);
        log.away = true;
        ManifestRow first = made();
        later();
        ManifestRow second = made();
        watch.look();
        assertThat(entries()).isEmpty();
        log.away = false;
        later();
        ManifestRow third = made();
        later();
        watch.look();
        assertThat(entries())
                .extracting(LedgerEntry::entryId)
                .containsExactlyInAnyOrder(first.id(), second.id(), third.id());
        assertThat(manifests.table().untold(10)).isEmpty();
    }

    @Test
    void theNewestOfAGenerationThatIsGoneIsKeptNoLongerThanOthers() {
        GenerationRow other = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        ManifestRow last = manifests
                .make(other, ManifestRow.Reason.DROPPED, true, () -> false)
                .orElseThrow();
        acts.drop(Corpus.COLLECTION, other.id(), "key:ann");
        now = now.plus(Duration.ofDays(29));
        acts.sweep();
        assertThat(table.find(other.id())).isEmpty();
        manifests.tidy(table.all());
        assertThat(manifests.file(last)).exists();
        now = now.plus(Duration.ofDays(2));
        manifests.tidy(table.all());
        assertThat(manifests.file(last)).doesNotExist();
    }

    @Test
    void whatAProcessThatEndedLeftInTheFolderGoesAtTheNextStart() throws Exception {
        put("a", 1, "one");
        Path kept = manifests.file(made());
        Path dir = folder.resolve("manifests");
        Files.createTempFile(dir, "run", ".part");
        Files.createTempFile(dir, "manifest", ".part");
        Files.createFile(dir.resolve("0123456789abcdef0123456789abcdef.manifest"));
        Path strange = Files.createFile(dir.resolve("notes.txt"));
        new ManifestWatch(manifests, table, parts, leases).look();
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactlyInAnyOrder(kept, strange);
        }
    }

    @Test
    void aFailureFromBeforeTheDropDoesNotLetAGenerationVanishWithoutItsLastManifest() throws Exception {
        GenerationRow other = acts.make(Corpus.COLLECTION, models.encoder("tuned", 8), "key:ann");
        table.built(other.id(), now);
        Path dir = Files.createFile(folder.resolve("manifests")); // a file where the folder has to be
        ManifestWatch watch = new ManifestWatch(manifests, table, parts, leases);
        watch.look();
        acts.drop(Corpus.COLLECTION, other.id(), "key:ann");
        assertThat(watch.isDone(row(other.id()))).isFalse();
        Files.delete(dir);
        now = now.plus(Duration.ofMinutes(1));
        watch.look();
        assertThat(reasons(other.id())).containsExactly(ManifestRow.Reason.DROPPED);
        assertThat(watch.isDone(row(other.id()))).isTrue();
    }

    private List<ManifestRow.Reason> reasons(GenerationId generation) {
        return manifests.table().of(Corpus.COLLECTION, generation, 10).stream()
                .map(ManifestRow::reason)
                .toList();
    }

    private GenerationRow swap() {
        GenerationId other = table.all().stream()
                .map(GenerationRow::id)
                .filter(id -> !id.equals(live.id()))
                .findFirst()
                .orElseThrow();
        return acts.swap(Corpus.COLLECTION, other, "better", "key:ann");
    }

    private GenerationRow row(GenerationId id) {
        return table.find(id).orElseThrow();
    }

    private List<LedgerEntry> entries() {
        return log.all().stream()
                .filter(entry -> entry.type() == LedgerEntry.Type.INDEX_MANIFEST)
                .toList();
    }

    private PassageProof proven(String document, String text, @Nullable Instant at) {
        try {
            PassageProof proof = new PassageProofs(manifests, parts)
                    .of(
                            Corpus.COLLECTION,
                            live.id(),
                            document,
                            text.isEmpty() ? "" : passage(text).value(),
                            at);
            proof.verify(ToyLog.ORIGIN, Set.of(log.key()));
            return PassageProof.parse(proof.bytes());
        } catch (io.palimpsest.verifier.note.InvalidNoteException
                | io.palimpsest.verifier.merkle.InvalidProofException e) {
            throw new AssertionError(e);
        }
    }

    private ManifestRow made() {
        return manifests.make(live, ManifestRow.Reason.ASKED, true, () -> false).orElseThrow();
    }

    private void later() {
        now = now.plusSeconds(10);
    }

    private static PassageId passage(String text) {
        return PassageId.of(ContentHash.ofText(text), 0);
    }

    private void put(String document, long version, String... texts) {
        put(live, document, version, texts);
    }

    private void put(GenerationRow into, String document, long version, String... texts) {
        index.apply(
                into.passages().id(),
                List.of(new DocumentWrite.Put(
                        DocumentKey.of(Corpus.COLLECTION, document),
                        version,
                        now,
                        "r",
                        new AccessList(Set.of("*")),
                        Map.of(),
                        Stream.of(texts)
                                .map(text ->
                                        new PassageEntry(passage(text), text, new float[] {1, 0, 0, 0, 0, 0, 0, 0}))
                                .toList())));
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
