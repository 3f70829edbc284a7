package io.palimpsest.ledger.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.ledger.registry.DocumentVersions.Version;
import io.palimpsest.ledger.registry.DocumentVersions.Visible;
import io.palimpsest.ledger.sequence.EntryIndex.Found;
import io.palimpsest.ledger.sequence.Leaf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocumentVersionsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Found> log = new ArrayList<>();

    @Test
    void eachVersionSaysWhereItWasVisibleUntilTheNextTurnedUpThere() {
        accepted(1, "CREATED");
        turn(LedgerEntry.Type.REVISION_VISIBLE, "g1", 1, 1);
        accepted(2, "UPDATED");
        turn(LedgerEntry.Type.REVISION_VISIBLE, "g2", 1, 1);
        turn(LedgerEntry.Type.REVISION_VISIBLE, "g1", 2, 2);
        accepted(3, "DELETED");
        turn(LedgerEntry.Type.DOCUMENT_DELETED, "g1", 3, 3);

        List<Version> versions = DocumentVersions.of(log);

        assertThat(versions).extracting(Version::version).containsExactly(1L, 2L, 3L);
        assertThat(versions.get(0).acceptedAt()).isEqualTo(START);
        assertThat(versions.get(0).visible())
                .containsExactly(
                        new Visible("g1", 1, at(1), at(4), LedgerEntry.Type.REVISION_VISIBLE, 1),
                        new Visible("g2", 1, at(3), null, null, 3));
        assertThat(versions.get(1).visible())
                .containsExactly(new Visible("g1", 2, at(4), at(6), LedgerEntry.Type.DOCUMENT_DELETED, 4));
        assertThat(versions.get(2).effect()).isEqualTo("DELETED");
        assertThat(versions.get(2).visible()).isEmpty();
    }

    @Test
    void whatWasOvertakenWasVisibleNowhereAndEntriesMayComeInAnyOrder() {
        accepted(1, "CREATED");
        accepted(2, "UPDATED");
        turn(LedgerEntry.Type.REVISION_VISIBLE, "g1", 7, 3);
        turn(LedgerEntry.Type.REVISION_VISIBLE, "g1", 5, 1);

        List<Version> versions = DocumentVersions.of(log);

        assertThat(versions.get(0).visible()).singleElement().satisfies(visible -> {
            assertThat(visible.revision()).isEqualTo(5);
            assertThat(visible.until()).isEqualTo(at(2));
        });
        assertThat(versions.get(1).visible()).isEmpty();
        assertThat(versions.get(2).acceptedAt())
                .as("its acceptance is not in the log yet")
                .isNull();
        assertThat(DocumentVersions.of(List.of())).isEmpty();
    }

    private void accepted(long version, String effect) {
        add(LedgerEntry.Type.CHANGE_ACCEPTED, Map.of("version", Long.toString(version), "effect", effect));
    }

    private void turn(LedgerEntry.Type type, String generation, long revision, long version) {
        add(
                type,
                Map.of(
                        "generation",
                        generation,
                        "revision",
                        Long.toString(revision),
                        "version",
                        Long.toString(version)));
    }

    private void add(LedgerEntry.Type type, Map<String, String> facts) {
        int index = log.size();
        log.add(new Found(index, new Leaf(1, "id" + index, type, at(index), "service:test", "aa", "bb", facts)));
    }

    private static Instant at(int index) {
        return START.plusSeconds(index);
    }
}
