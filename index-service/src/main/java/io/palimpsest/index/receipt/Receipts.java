package io.palimpsest.index.receipt;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.querylog.AnswerMade;
import io.palimpsest.index.querylog.QueryDetail;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.verifier.entry.Commitment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes receipts of query records, and the ledger's entries of receipts. Threading: safe where {@code salts} is.
 *
 * <p>Ordering and idempotency: a record gives another receipt each time, for its salts are random; a kept receipt gives the same
 * entry each time.
 */
public final class Receipts {
    private static final String SERVICE = "service:index";
    private static final String GROUP = "group:";
    private static final String EVERYONE = "*";
    private static final int SALT_BYTES = 32;

    private final LedgerEntries entries;
    private final Supplier<byte[]> salts;

    public Receipts(LedgerEntries entries) {
        this(entries, () -> SecretFile.random(SALT_BYTES));
    }

    /** @param salts each of 32 bytes */
    Receipts(LedgerEntries entries, Supplier<byte[]> salts) {
        this.entries = entries;
        this.salts = salts;
    }

    /** Empty for what nobody asked, and for records of older versions. */
    public Optional<KeptReceipt> of(QueryRecord asked) {
        QueryDetail detail = asked.detail();
        GenerationId generation = asked.generation();
        ModelId model = asked.model();
        if (asked.probe() || detail == null || generation == null || model == null) {
            return Optional.empty();
        }
        byte[] querySalt = salts.get();
        byte[] callerSalt = salts.get();
        AnswerMade answer = detail.answer();
        Receipt receipt = new Receipt(
                Receipt.VERSION,
                asked.queryId(),
                asked.collection(),
                asked.askedAt(),
                asked.request().asOf(),
                Commitment.query(querySalt, asked.request().query()).hex(),
                generation,
                new Receipt.Models(
                        model, detail.passages(), detail.reranker(), answer == null ? null : answer.generator()),
                access(asked, callerSalt),
                answer == null ? null : new Receipt.Answer(answer.abstained()),
                shown(asked.shown(), detail));
        return Optional.of(new KeptReceipt(
                asked.queryId(), receipt.canonical(), hex(salts.get()), hex(querySalt), hex(callerSalt)));
    }

    private static Receipt.Access access(QueryRecord asked, byte[] salt) {
        return new Receipt.Access(
                Commitment.caller(salt, caller(asked)).hex(),
                asked.principals().contains(EVERYONE),
                asked.principals().stream()
                        .filter(principal -> principal.startsWith(GROUP))
                        .sorted()
                        .toList());
    }

    /** What a receipt commits to as its caller. */
    static String caller(QueryRecord asked) {
        return "user:" + asked.caller();
    }

    private static List<Receipt.Shown> shown(List<ShownHit> hits, QueryDetail detail) {
        AnswerMade answer = detail.answer();
        List<Receipt.Shown> shown = new ArrayList<>(hits.size());
        for (ShownHit hit : hits) {
            shown.add(new Receipt.Shown(
                    shown.size() + 1,
                    hit.document(),
                    hit.revision(),
                    hit.version(),
                    hit.passage(),
                    hit.extracted(),
                    hit.passages(),
                    detail.scores().get(shown.size()),
                    answer == null
                            ? null
                            : answer.cited().contains(new AnswerMade.Cited(hit.document(), hit.passage()))));
        }
        return shown;
    }

    /** Says of which generation and models, and how many passages; the rest is the receipt's. */
    public LedgerEntry entry(KeptReceipt kept) {
        Receipt receipt = kept.read();
        Map<String, String> facts = new HashMap<>();
        facts.put("generation", receipt.generation().value());
        facts.put("model", receipt.models().query().value());
        facts.put("kind", receipt.answer() == null ? "SEARCH" : "ANSWER");
        facts.put("hits", Integer.toString(receipt.passages().size()));
        facts.put("receipt", kept.commitment());
        Optional.ofNullable(receipt.models().reranker()).ifPresent(model -> facts.put("reranker", model));
        Optional.ofNullable(receipt.models().generator()).ifPresent(model -> facts.put("generator", model));
        return entries.entry(
                LedgerEntry.Type.QUERY_SERVED,
                receipt.askedAt(),
                SERVICE,
                new LedgerEntries.Scope(
                        receipt.collection().tenant(), receipt.collection().collection()),
                receipt.queryId(),
                facts,
                null);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
