package io.palimpsest.retrain.snapshot;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.erasure.TaintedModels;
import io.palimpsest.platform.erasure.TestErasing;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.retrain.erase.RetrainStores;
import io.palimpsest.retrain.feedback.QueryLogRows;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an erasure does with training sets that have the document, and with models that learned from it. */
@SuppressWarnings("NullAway.Init") // set before each test
class ErasedSnapshotsTest {
    private static final String MODEL = "tuned/fp32/00000001";

    @TempDir
    Path folder;

    private final Map<String, List<String>> notes = new HashMap<>();
    private LabelledHouse house;
    private ErasableStore store;

    @BeforeEach
    void open() {
        house = new LabelledHouse(folder, 3, 60);
        house.publish();
        store =
                RetrainStores.of(house.sql(), new LoggedQueries(house.sql(), QueryLogRows.cipher()), house.snapshots())
                        .stream()
                        .filter(each -> each.name().equals("snapshots"))
                        .findFirst()
                        .orElseThrow();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aSetThatHasItIsUnreadableAndWhatLearnedFromItIsTainted() {
        Snapshot made = house.snapshot(120);
        String document =
                made.lines(SnapshotManifest.TRAIN).getFirst().documentId().value();
        model(MODEL, made.manifest().hash());
        model("other/fp32/00000002", ContentHash.ofText("another set"));

        assertThat(store.erase(erasing(document, 1))).isEqualTo(1);

        assertCode(
                ErrorCode.SNAPSHOT_TAINTED,
                () -> house.snapshots().open(DOCS, made.manifest().hash()));
        TaintedModels tainted = new TaintedModels(house.sql(), Clock.systemUTC());
        assertCode(ErrorCode.MODEL_TAINTED, () -> tainted.requireNone(new ModelId(MODEL)));
        tainted.requireNone(new ModelId("other/fp32/00000002"));
        ErasableStore.Probed probed = store.probe(erasing(document, 1));
        assertThat(probed.found()).isZero();
        assertThat(probed.residuals())
                .singleElement()
                .asString()
                .contains(MODEL)
                .doesNotContain("other/");
        assertThat(named(document)).isZero();
        assertThat(named("erased:erasure-1")).isEqualTo(1);
    }

    @Test
    void whatIsOnlyTestedWithTaintsNoModel() {
        Snapshot made = house.snapshot(120);
        String document =
                made.lines(SnapshotManifest.UNSEEN).getFirst().documentId().value();
        model(MODEL, made.manifest().hash());

        assertThat(store.erase(erasing(document, 1))).isEqualTo(1);

        new TaintedModels(house.sql(), Clock.systemUTC()).requireNone(new ModelId(MODEL));
        assertThat(house.snapshots().isRetired(made.manifest().hash())).isTrue();
    }

    @Test
    void aSetThatWasMadeMeanwhileIsMetByTheNextRound() {
        Snapshot first = house.snapshot(120);
        String document =
                first.lines(SnapshotManifest.TRAIN).getFirst().documentId().value();
        store.erase(erasing(document, 1));
        Snapshot second = house.snapshot(119);
        assertThat(store.probe(erasing(document, 1)).found()).isEqualTo(1);

        store.erase(erasing(document, 2));

        assertThat(store.probe(erasing(document, 2)).found()).isZero();
        assertThat(house.snapshots().isRetired(second.manifest().hash())).isTrue();
    }

    @Test
    void aTrainingThatReadsTheSetIsWaitedForAndReadsNoMore() {
        Snapshot made = house.snapshot(120);
        String document =
                made.lines(SnapshotManifest.TRAIN).getFirst().documentId().value();
        house.sql()
                .update("INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at)"
                        + " VALUES ('r1', 'fine-tune', 'acme', 'docs', 'c', '{}', 1)");
        house.sql()
                .update(
                        "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES ('r1', 'SNAPSHOT', ?, 1)",
                        "{\"hash\":\"" + made.manifest().hash() + "\"}");

        assertCode(ErrorCode.ERASURE_WAITS, () -> store.erase(erasing(document, 1)));
        assertThat(house.snapshots().isRetired(made.manifest().hash())).isTrue();
        assertThat(store.probe(erasing(document, 1)).found())
                .as("it is not over")
                .isEqualTo(1);

        house.sql().update("UPDATE run SET outcome = 'FAILED' WHERE run_id = 'r1'");
        assertThat(store.erase(erasing(document, 1))).isEqualTo(1);
    }

    private Erasing erasing(String document, int round) {
        return TestErasing.of("erasure-1", LabelledHouse.key(document), round, notes);
    }

    private void model(String id, ContentHash snapshot) {
        house.sql()
                .update(
                        "INSERT INTO model (id, kind, snapshot, manifest, state, registered_at) VALUES (?, 'ENCODER', ?, '{}',"
                                + " 'REGISTERED', 1)",
                        id,
                        snapshot.value());
    }

    private long named(String document) {
        return house.sql()
                .first(
                        "SELECT COUNT(*) FROM training_snapshot_document WHERE document_id = ?",
                        row -> row.getLong(1),
                        document)
                .orElse(0L);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
