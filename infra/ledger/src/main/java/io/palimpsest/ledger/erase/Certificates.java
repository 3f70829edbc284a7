package io.palimpsest.ledger.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.erasure.Erasures.Erasure;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.verifier.erasure.ErasureCertificate;
import io.palimpsest.verifier.tlog.LogProof;
import java.util.Optional;

/** Certificates with the proof that their entry is in the log. Threading: safe. */
public final class Certificates {
    private final Erasures erasures;
    private final TransparencyLog log;
    private final EntryIndex index;
    private final LedgerEntries entries;

    public Certificates(Erasures erasures, TransparencyLog log, EntryIndex index, LedgerEntries entries) {
        this.erasures = erasures;
        this.log = log;
        this.index = index;
        this.entries = entries;
    }

    /** Whether there is one whose entry is not in the log yet. */
    boolean isAwaited(String erasure) {
        return erasures.find(erasure)
                .filter(found -> found.certificate() != null && entry(found).isEmpty())
                .isPresent();
    }

    /**
     * Of an erasure that is over; under the newest checkpoint that witnesses have cosigned, where that covers it.
     *
     * @throws PalimpsestException {@link ErrorCode#CERTIFICATE_INVALID} where there is none
     */
    public ErasureCertificate of(Erasure erasure) {
        String body = erasure.certificate();
        if (body == null || erasure.state() != Erasures.State.ERASED) {
            throw new PalimpsestException(
                    ErrorCode.CERTIFICATE_INVALID, "erasure " + erasure.id() + " is " + erasure.state());
        }
        long leaf = entry(erasure)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.CERTIFICATE_INVALID, "its entry is not in the log of this process"));
        TransparencyLog.Head head =
                log.witnessed().filter(cosigned -> cosigned.treeSize() > leaf).orElseGet(log::head);
        return new ErasureCertificate(
                body, LogProof.of(log.entry(leaf), log.tree().inclusion(leaf, head.treeSize()), head.note()));
    }

    /** Its place in the log. */
    private Optional<Long> entry(Erasure erasure) {
        return index.find(entries.id(
                        LedgerEntry.Type.ERASURE_COMPLETED,
                        new LedgerEntries.Scope(
                                erasure.collection().tenant(),
                                erasure.collection().collection()),
                        erasure.id()))
                .map(EntryIndex.Found::index);
    }
}
