package io.palimpsest.index.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.ledger.LedgerDelivery;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.ledger.LogProofs;
import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.GrowingTree;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InclusionProof;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A log in memory: each entry is proven by a checkpoint of that entry alone. */
final class ToyLog implements LedgerSink, LedgerDelivery, LogProofs {
    static final String ORIGIN = "log.test";

    private final NoteSigner signer = NoteSigner.generate(ORIGIN, KeyType.ED25519, Clock.systemUTC());
    private final Hash salt = Hash.sha256("scope".getBytes(UTF_8));
    final List<LedgerEntry> entries = new ArrayList<>();
    final Set<String> witnessed = new HashSet<>();
    /** Whether nothing arrives. */
    volatile boolean away;

    @Override
    public synchronized void record(LedgerEntry entry) {
        if (entries.stream().noneMatch(known -> known.entryId().equals(entry.entryId()))) {
            entries.add(entry);
        }
    }

    @Override
    public boolean deliver(List<LedgerEntry> delivered) {
        if (!away) {
            delivered.forEach(this::record);
        }
        return !away;
    }

    synchronized List<LedgerEntry> all() {
        return List.copyOf(entries);
    }

    NoteKey key() {
        return signer.key();
    }

    @Override
    public Optional<LogProof> proof(String entryId) {
        return all().stream()
                .filter(entry -> entry.entryId().equals(entryId))
                .findFirst()
                .map(this::proof);
    }

    private LogProof proof(LedgerEntry entry) {
        String collection = String.valueOf(entry.collection());
        byte[] leaf = Json.write(Map.of(
                "type", entry.type().name(),
                "at", entry.at().toString(),
                "scope",
                        Commitment.scope(salt.bytes(), entry.tenant().value(), collection)
                                .hex(),
                "facts", entry.facts()));
        GrowingTree tree = new GrowingTree();
        tree.add(Hash.leaf(leaf));
        String text = new Checkpoint(ORIGIN, 1, tree.root()).text();
        return LogProof.of(leaf, new InclusionProof(0, 1, List.of()), new SignedNote(text, List.of(signer.sign(text))));
    }

    @Override
    public Optional<Hash> scopeSalt(CollectionKey collection) {
        return Optional.of(salt);
    }

    @Override
    public synchronized boolean isWitnessed(String entryId) {
        return witnessed.contains(entryId);
    }
}
