package io.palimpsest.ledger.serve;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.ledger.sequence.Leaf;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LogProofs;
import io.palimpsest.verifier.audit.LogPlace;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.EntryBundle;
import io.palimpsest.verifier.tlog.LogProof;
import io.palimpsest.verifier.tlog.Tile;
import io.palimpsest.verifier.tlog.TileHashes;
import io.palimpsest.verifier.witness.WitnessPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Proofs out of what the log serves to anybody, with the help of the tables that find entries: the same in the process of the ledger
 * and in any other.
 *
 * <p>Threading: safe. Failure: MANIFEST_UNPROVEN where the log cannot be read, DATABASE_FAILED.
 */
public final class ServedProofs implements LogProofs {
    private final Supplier<LogPlace> place;
    private final Sql sql;
    private final WitnessPolicy policy;

    /** @param policy which witnesses count, and how many it takes */
    public ServedProofs(Supplier<LogPlace> place, Sql sql, WitnessPolicy policy) {
        this.place = place;
        this.sql = sql;
        this.policy = policy;
    }

    @Override
    public Optional<LogProof> proof(String entryId) {
        return asked(log -> {
            Optional<SignedNote> note = checkpoint(log);
            if (note.isEmpty()) {
                return Optional.empty();
            }
            long size = Checkpoint.parse(note.get().text()).treeSize();
            Optional<Long> index = index(log, entryId, size);
            if (index.isEmpty()) {
                return Optional.empty();
            }
            MerkleTree tree = new MerkleTree(new TileHashes(tile -> read(log, tile), size));
            return Optional.of(
                    LogProof.of(entry(log, index.get(), size), tree.inclusion(index.get(), size), note.get()));
        });
    }

    @Override
    public Optional<Hash> scopeSalt(CollectionKey collection) {
        return sql.first(
                "SELECT salt FROM ledger_scope WHERE tenant = ? AND collection = ?",
                row -> Hash.ofHex(row.getString(1)),
                collection.tenant().value(),
                collection.collection().value());
    }

    @Override
    public boolean isWitnessed(String entryId) {
        if (policy.quorum() == 0) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "generation.swap.witnessed needs ledger.witness.quorum");
        }
        Optional<Boolean> found = asked(log -> {
            Optional<SignedNote> note = checkpoint(log).filter(policy::isSatisfiedBy);
            return note.isPresent()
                    ? index(log, entryId, Checkpoint.parse(note.get().text()).treeSize())
                            .map(index -> true)
                    : Optional.empty();
        });
        return found.orElse(false);
    }

    private interface Question<T> {
        Optional<T> of(LogPlace log) throws IOException, InvalidNoteException;
    }

    private <T> Optional<T> asked(Question<T> question) {
        try {
            return question.of(place.get());
        } catch (IOException | UncheckedIOException | InvalidNoteException | IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.MANIFEST_UNPROVEN, "the log cannot be read: " + e, e);
        }
    }

    /** Empty while witnesses are awaited. */
    private static Optional<SignedNote> checkpoint(LogPlace log) throws IOException, InvalidNoteException {
        try {
            return Optional.of(SignedNote.parse(log.read("checkpoint")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<Long> index(LogPlace log, String entryId, long size) throws IOException {
        for (long index : EntryIndex.places(sql, entryId)) {
            if (index < size && Leaf.parse(entry(log, index, size)).id().equals(entryId)) {
                return Optional.of(index);
            }
        }
        return Optional.empty();
    }

    private static byte[] entry(LogPlace log, long index, long size) throws IOException {
        Tile bundle = Tile.in(size, Tile.ENTRIES, index / Tile.WIDTH).orElseThrow();
        return EntryBundle.decode(log.read(bundle.path())).get((int) (index % Tile.WIDTH));
    }

    private static byte[] read(LogPlace log, Tile tile) {
        try {
            return log.read(tile.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
