package io.palimpsest.index.generation;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.database.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The generations that have the model and the passage policy of the settings: live without being asked for. */
final class ConfiguredGenerations {
    private final Generations.Built with;
    private final InstantSource clock;

    ConfiguredGenerations(Generations.Built with, InstantSource clock) {
        this.with = with;
        this.clock = clock;
    }

    String signature() {
        return signature(with.model(), with.policy());
    }

    static String signature(ModelId model, PassagePolicyId policy) {
        return ContentHash.ofText(model + "\n" + policy).value().substring(0, 12);
    }

    GenerationId id(CollectionKey collection) {
        return new GenerationId(collection.tenant() + "." + collection.collection() + "." + signature());
    }

    /** Whether searches read it: it is live and, where settings made it, by those of now. */
    boolean serves(GenerationRow row) {
        return row.state() == GenerationState.LIVE
                && (row.origin() == GenerationRow.Origin.BUILT || row.id().equals(id(row.collection())));
    }

    GenerationRow row(CollectionKey collection, Instant historyFrom) {
        GenerationId id = id(collection);
        return new GenerationRow(
                id,
                with.model(),
                new Generation(id, collection, with.model(), with.policy(), with.dimensions()),
                GenerationRow.Origin.CONFIGURED,
                GenerationState.LIVE,
                true,
                clock.instant(),
                historyFrom,
                null,
                BuildProgress.NONE,
                null,
                0);
    }

    /**
     * In turn, because index servers cannot make a generation once only when two processes begin at the same time.
     *
     * @return empty where something is live that serves
     */
    Optional<LivePeriod> goLive(Sql.Transaction in, PassageIndex index, CollectionKey collection) throws SQLException {
        List<GenerationRow> all = GenerationTable.of(in, collection);
        if (all.stream().anyMatch(this::serves)) {
            return Optional.empty();
        }
        boolean first = all.isEmpty();
        Instant now = clock.instant();
        GenerationRow row = row(collection, first ? Instant.EPOCH : now);
        index.createGeneration(row.passages());
        for (GenerationRow other : all) {
            if (other.state() == GenerationState.LIVE) {
                GenerationTable.set(in, other.id(), GenerationState.RETIRED, false);
            }
        }
        GenerationTable.insert(in, row);
        GenerationTable.set(in, row.id(), GenerationState.LIVE, true);
        LivePeriod period = new LivePeriod(
                GenerationTable.live(in, collection).map(LiveRow::number).orElse(0L) + 1,
                row.id(),
                row.model(),
                now,
                null,
                first ? LivePeriod.Act.FIRST : LivePeriod.Act.CONFIGURED,
                GenerationLedger.SERVICE,
                null);
        GenerationTable.setLive(in, collection, null, period);
        return Optional.of(period);
    }
}
