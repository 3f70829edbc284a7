package io.palimpsest.platform.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class ErasuresTest {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "docs", "urn:a");
    private static final DocumentKey OTHER = DocumentKey.of("acme", "docs", "urn:b");

    @TempDir
    Path folder;

    private TestDatabases databases;
    private Database database;
    private Erasures erasures;
    private Suppressions suppressions;
    private LegalHolds holds;

    @BeforeEach
    void open() {
        databases = TestDatabases.files(folder);
        database = Database.open(databases.fresh());
        erasures = new Erasures(database.sql(), Clock.systemUTC());
        suppressions = new Suppressions(database.sql(), new byte[32], Clock.systemUTC());
        holds = new LegalHolds(database.sql(), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
        databases.close();
    }

    @Test
    void twoErasuresOfOneDocumentDoNotRunBesideEachOther() {
        request("e1", DOCUMENT);
        request("e2", DOCUMENT);
        request("e3", OTHER);

        assertThat(erasures.begin("e1", DOCUMENT)).isTrue();
        assertThat(erasures.begin("e1", DOCUMENT)).as("again, after a restart").isTrue();
        assertUnderWay(() -> erasures.begin("e2", DOCUMENT));
        assertThat(erasures.begin("e3", OTHER)).isTrue();
    }

    @Test
    void requestsThatWaitEndWithTheErasureAndTheOneThatErasesGoesOn() {
        request("e1", DOCUMENT);
        request("e2", DOCUMENT);
        erasures.begin("e1", DOCUMENT);
        ErasableStore store = ErasureRows.store(database.sql());
        Erasing erasing = new Erasing("e1", DOCUMENT, 1, (name, first) -> first.get());

        store.erase(erasing);

        assertThat(state("e1")).isEqualTo(Erasures.State.ERASING);
        assertThat(state("e2")).isEqualTo(Erasures.State.CANCELLED);
        assertThat(store.probe(erasing).found()).isZero();
    }

    @Test
    void whileItIsErasedADocumentIsNeitherHeldNorAllowedBack() {
        request("e1", DOCUMENT);
        erasures.begin("e1", DOCUMENT);
        suppressions.add(DOCUMENT, "e1");

        assertUnderWay(() -> suppressions.lift(DOCUMENT, "by mistake", "alice"));
        assertUnderWay(() -> holds.place("h1", DOCUMENT, "case 4", "alice"));
        assertThat(suppressions.among(Set.of(DOCUMENT, OTHER))).containsExactly(DOCUMENT);

        erasures.end("e1", Erasures.State.ERASED);
        assertThat(suppressions.lift(DOCUMENT, "by mistake", "alice")).isTrue();
        assertThat(suppressions.among(Set.of(DOCUMENT, OTHER))).isEmpty();
    }

    private static void assertUnderWay(ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERASURE_UNDER_WAY));
    }

    private Erasures.State state(String id) {
        return erasures.find(id).orElseThrow().state();
    }

    private void request(String id, DocumentKey document) {
        Instant now = Instant.EPOCH;
        erasures.request(new Erasures.Erasure(
                id,
                document.collectionKey(),
                document,
                "00",
                "art. 17",
                "alice",
                now,
                now,
                Erasures.State.WAITING,
                null,
                null,
                null));
    }
}
