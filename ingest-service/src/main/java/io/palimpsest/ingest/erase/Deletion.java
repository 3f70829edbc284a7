package io.palimpsest.ingest.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * Deletes the document by the way that all deletes go, and waits until nothing works on it any more. By then no change of it can be on
 * the way: it is suppressed, and the gate, which takes changes one after the other, knows of it before the delete is sent.
 */
record Deletion(Sql sql, ChangePublisher publisher, GateKnows gate, InstantSource clock) implements ErasableStore {

    /** Whether the gate has been dropping the document's changes for so long that none from before can follow. */
    interface GateKnows {
        boolean of(Erasing erasing);
    }

    @Override
    public String name() {
        return "deletion";
    }

    @Override
    public Phase phase() {
        return Phase.HIDE;
    }

    @Override
    public Coverage covers() {
        return new Coverage(Set.of(), Set.of(), Set.of());
    }

    @Override
    public long erase(Erasing erasing) {
        ChangeId change = DocumentChanged.idOfErasure(erasing.id(), erasing.document());
        boolean isSent = sql.first("SELECT 1 FROM document_change WHERE change_id = ?", row -> 1, change.value())
                .isPresent();
        if (!isSent) {
            if (!gate.of(erasing)) {
                throw waits("the gate does not know of it yet");
            }
            send(erasing);
            throw waits("its delete was sent");
        }
        if (inFlight(erasing, change) > 0) {
            throw waits("changes of it are in flight");
        }
        return 1;
    }

    /** Sent again where it was not seen: the gate takes it once. */
    private void send(Erasing erasing) {
        try {
            publisher
                    .publish(DocumentChanged.ofErasure(erasing.id(), erasing.document(), clock.instant()), null)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PalimpsestException known ? known : e;
        }
    }

    private static PalimpsestException waits(String why) {
        return new PalimpsestException(ErrorCode.ERASURE_WAITS, why);
    }

    private long inFlight(Erasing erasing, ChangeId change) {
        return sql.first(
                        "SELECT COUNT(*) FROM document_change WHERE open = 1 AND (document_key = ? OR change_id = ?)",
                        row -> row.getLong(1),
                        erasing.document().toString(),
                        change.value())
                .orElseThrow();
    }

    @Override
    public Probed probe(Erasing erasing) {
        return Probed.of(sql.first(
                        "SELECT COUNT(*) FROM document_change WHERE open = 1 AND document_key = ?",
                        row -> row.getLong(1),
                        erasing.document().toString())
                .orElseThrow());
    }
}
