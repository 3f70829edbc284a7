package io.palimpsest.ledger.evidence;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.ledger.sequence.Salts;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.pack.EvidencePack;
import io.palimpsest.verifier.pack.Opening;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes packs. Threading: safe. */
public final class Evidence {
    private static final long MOST = 200_000;

    private final TransparencyLog log;
    private final EntryIndex index;
    private final Salts salts;
    private final LedgerEntries entries;

    public Evidence(TransparencyLog log, EntryIndex index, Salts salts, LedgerEntries entries) {
        this.log = log;
        this.index = index;
        this.salts = salts;
        this.entries = entries;
    }

    /**
     * What is asked for.
     *
     * @param from inclusive
     * @param to exclusive
     * @param tenant whose entries are shown to be its own
     * @param documents of it that entries are shown to be about
     */
    public record Order(Instant from, Instant to, TenantId tenant, List<DocumentKey> documents) {
        public Order {
            documents = List.copyOf(documents);
        }
    }

    /**
     * All entries of the time, and those between them; under the newest checkpoint that witnesses have cosigned, where that
     * covers them.
     *
     * @throws PalimpsestException EVIDENCE_INVALID when there are none, or too many
     */
    public void write(Order order, OutputStream out) throws IOException {
        EntryIndex.Range range = index.range(order.from(), order.to())
                .orElseThrow(() -> invalid("the log has no entry from " + order.from() + " to " + order.to()));
        long count = range.end() - range.first();
        if (count > MOST) {
            throw invalid("there are " + count + " entries from " + order.from() + " to " + order.to());
        }
        TransparencyLog.Head head = log.witnessed()
                .filter(cosigned -> cosigned.treeSize() >= range.end())
                .orElseGet(log::head);
        List<Opening> openings = new ArrayList<>(salts.scopes(order.tenant()));
        order.documents().forEach(document -> salts.opening(entries, document).ifPresent(openings::add));
        EvidencePack pack = new EvidencePack(
                log.entries(range.first(), range.end()),
                log.tree().leaves(range.first(), count, head.treeSize()),
                head.note(),
                openings);
        List<String> keys = log.keys().stream().map(NoteKey::text).toList();
        EvidenceReport report = new EvidenceReport(pack, keys, order);
        pack.write(
                out,
                Map.of(
                        "keys", (String.join("\n", keys) + "\n").getBytes(StandardCharsets.UTF_8),
                        "report.json", report.json(),
                        "report.html", report.html()));
    }

    private static PalimpsestException invalid(String why) {
        return new PalimpsestException(ErrorCode.EVIDENCE_INVALID, why);
    }
}
