package io.palimpsest.index.generation;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.Embedders;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.revision.RevisionListing;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators and workflows do with generations: make, let go live, roll back, drop. Each act is one transaction and one entry of
 * the ledger.
 *
 * <p>Threading: safe, also against other processes. Ordering and idempotency: an act that is repeated after it was done changes
 * nothing. Failure: {@code NOT_FOUND}, and 409 where the act may not be done now.
 */
public final class GenerationActs {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationActs.class);
    /** Longer than any process takes to see that it must not read a generation any more. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** How long the gates look again at what changes in flight make differ. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PassageIndex index;
    private final GenerationTable table;
    private final Generations generations;
    private final Embedders embedders;
    private final Gates gates;
    private final GenerationLedger ledger;
    private final Telemetry telemetry;
    private final InstantSource clock;
    private volatile SwapGate gate = SwapGate.NONE;

    /** @param patience how long the gates look again, normally {@link #PATIENCE} */
    public GenerationActs(
            PassageIndex index,
            GenerationTable table,
            Generations generations,
            Embedders embedders,
            RevisionListing revisions,
            LedgerEntries entries,
            LedgerSink sink,
            Telemetry telemetry,
            Duration patience,
            InstantSource clock) {
        this.index = index;
        this.table = table;
        this.generations = generations;
        this.embedders = embedders;
        this.gates = new Gates(index, revisions, patience);
        this.ledger = new GenerationLedger(entries, sink);
        this.telemetry = telemetry;
        this.clock = clock;
        for (Act act : Act.values()) { // an increase is seen only of what was there
            telemetry.count(Metric.GENERATION_ACTS, 0, act.word());
        }
    }

    /** From now on others are asked too. */
    public GenerationActs guardedBy(SwapGate others) {
        gate = others;
        return this;
    }

    /** What is counted. */
    private enum Act {
        MADE,
        SWAP,
        REFUSED,
        ROLLBACK,
        DROPPED;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private void count(Act act) {
        telemetry.count(Metric.GENERATION_ACTS, act.word());
    }

    /** A generation of the collection, whatever its state. */
    public GenerationRow find(CollectionKey collection, GenerationId id) {
        return table.find(id)
                .filter(row -> row.collection().equals(collection) && row.state() != GenerationState.DROPPING)
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such generation for this key"));
    }

    /** Begins a generation with a model, beside the live one; an adapter of queries is ready at once. */
    public GenerationRow make(CollectionKey collection, ModelId model, String actor) {
        Serving live = generations
                .live(collection)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.GENERATION_NOT_READY, "nothing is indexed in " + collection + " yet"));
        ModelId passagesModel = embedders.passagesOf(model);
        boolean adapter = !passagesModel.equals(model);
        if (adapter && !passagesModel.equals(live.passages().model())) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_UNSUITABLE,
                    "model " + model + " is for passages of " + passagesModel + ", the live ones are of "
                            + live.passages().model());
        }
        table.requireUntainted(model);
        // Opens it: what does not open is refused before anything is made.
        int dimensions = embedders.forQueries(model).dimensions();
        GenerationId id = new GenerationId(collection.tenant() + "." + collection.collection() + "."
                + ConfiguredGenerations.signature(model, live.passages().policy()) + "-"
                + Long.toString(clock.millis(), 36));
        Generation passages = adapter
                ? live.passages()
                : new Generation(id, collection, model, live.passages().policy(), dimensions);
        GenerationRow row = table.inTurn(in -> made(in, id, model, passages, adapter));
        ledger.made(row, actor);
        count(Act.MADE);
        generations.look();
        return row;
    }

    private GenerationRow made(Sql.Transaction in, GenerationId id, ModelId model, Generation passages, boolean adapter)
            throws SQLException {
        List<GenerationRow> all = GenerationTable.of(in, passages.collection());
        Optional<GenerationRow> building = all.stream()
                .filter(row -> row.state() == GenerationState.BUILDING)
                .findFirst();
        if (building.isPresent() && !adapter) {
            throw new PalimpsestException(
                    ErrorCode.GENERATION_UNDER_WAY,
                    "generation " + building.get().id() + " is being built");
        }
        if (!adapter) {
            index.createGeneration(passages);
        }
        Instant history = all.stream()
                .filter(row -> adapter && row.passages().equals(passages))
                .map(row -> Optional.ofNullable(row.historyFrom()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
        GenerationRow row = new GenerationRow(
                id,
                model,
                passages,
                GenerationRow.Origin.BUILT,
                adapter ? GenerationState.READY : GenerationState.BUILDING,
                true,
                clock.instant(),
                history,
                null,
                BuildProgress.NONE,
                null,
                0);
        GenerationTable.insert(in, row);
        return row;
    }

    /** Looks at the gates now, and keeps what was found. */
    public List<Gate> check(GenerationRow candidate) {
        List<Gate> found = gates.check(live(candidate.collection()), candidate);
        table.gates(candidate.id(), Json.writeText(found));
        return found;
    }

    /**
     * Lets a generation go live; searches that run go on with the one they began with.
     *
     * @throws PalimpsestException {@link ErrorCode#GENERATION_GATES_FAILED} naming those that failed, {@link ErrorCode#MODEL_TAINTED}
     */
    public GenerationRow swap(CollectionKey collection, GenerationId id, @Nullable String reason, String actor) {
        GenerationRow candidate = find(collection, id);
        if (candidate.state() == GenerationState.LIVE) {
            return candidate;
        }
        table.requireUntainted(candidate.model());
        List<Gate> failed =
                check(candidate).stream().filter(gate -> !gate.passed()).toList();
        if (!failed.isEmpty()) {
            count(Act.REFUSED);
            throw new PalimpsestException(
                    ErrorCode.GENERATION_GATES_FAILED,
                    "generation " + id + " failed "
                            + failed.stream()
                                    .map(gate -> gate.name() + " (" + gate.detail() + ")")
                                    .collect(Collectors.joining(", ")));
        }
        gate.mayGoLive(candidate, reason, actor);
        return goLive(collection, id, LivePeriod.Act.SWAP, reason, actor);
    }

    /**
     * Back to what was live before, with all changes since.
     *
     * @param from what is to be left; where it is not live any more, nothing happens. Null: whatever is live
     */
    public GenerationRow rollBack(
            CollectionKey collection, @Nullable GenerationId from, @Nullable String reason, String actor) {
        GenerationRow live = live(collection);
        if (from != null && !live.id().equals(from)) {
            return live;
        }
        GenerationId previous = table.live(collection)
                .map(LiveRow::previous)
                .flatMap(table::find)
                .filter(GenerationRow::isUpToDate)
                .map(GenerationRow::id)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.NOTHING_TO_ROLL_BACK,
                        "nothing that is kept up to date was live before " + live.id()));
        return goLive(collection, previous, LivePeriod.Act.ROLLBACK, reason, actor);
    }

    private GenerationRow live(CollectionKey collection) {
        return table.live(collection)
                .map(LiveRow::generation)
                .flatMap(table::find)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.GENERATION_NOT_READY, "nothing is indexed in " + collection + " yet"));
    }

    private GenerationRow goLive(
            CollectionKey collection, GenerationId id, LivePeriod.Act act, @Nullable String reason, String actor) {
        // Opens it: what cannot embed a query must not go live.
        Embedder unused = embedders.forQueries(find(collection, id).model());
        LiveSwitch.Done change = table.inTurn(
                in -> LiveSwitch.to(in, collection, id, new LiveSwitch.Why(act, reason, actor, clock.instant())));
        LivePeriod period = change.period();
        if (period != null) {
            ledger.live(change.row(), period, manifestRoot(change.row()));
            count(act == LivePeriod.Act.ROLLBACK ? Act.ROLLBACK : Act.SWAP);
        }
        generations.look();
        return find(collection, id);
    }

    /** Searches of the past that need it are refused from now on; nothing happens where it is gone already. */
    public void drop(CollectionKey collection, GenerationId id, String actor) {
        Optional<GenerationRow> dropped = table.inTurn(in -> {
            GenerationRow row = GenerationTable.find(in, id)
                    .filter(found -> found.collection().equals(collection))
                    .orElse(null);
            if (row == null || row.state() == GenerationState.DROPPING) {
                return Optional.empty();
            }
            List<GenerationRow> readers = new ArrayList<>(GenerationTable.of(in, collection));
            readers.removeIf(
                    other -> !other.passages().id().equals(id) || other.id().equals(id));
            if (row.state() == GenerationState.LIVE || !readers.isEmpty()) {
                throw new PalimpsestException(
                        ErrorCode.GENERATION_IN_USE,
                        row.state() == GenerationState.LIVE
                                ? "generation " + id + " is live"
                                : "generation " + readers.getFirst().id() + " reads the passages of " + id);
            }
            GenerationTable.dropping(in, id, clock.instant());
            return Optional.of(row);
        });
        dropped.ifPresent(row -> {
            ledger.dropped(row, clock.instant(), actor, manifestRoot(row));
            count(Act.DROPPED);
        });
        generations.look();
    }

    /** The act is done and has to be told: where the root cannot be read now, without it. */
    private @Nullable String manifestRoot(GenerationRow row) {
        try {
            return gate.manifestRoot(row).orElse(null);
        } catch (RuntimeException e) {
            ErrorCode code = e instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
            LOG.atWarn()
                    .addKeyValue("errorCode", code.id())
                    .setCause(e)
                    .log("the ledger is told of generation {} without the root of its manifest", row.id());
            return null;
        }
    }

    /** Lets the index forget what was dropped, once no process can be reading it; called from time to time. */
    public void sweep() {
        for (GenerationRow row : table.in(GenerationState.DROPPING)) {
            sweep(row);
        }
    }

    private void sweep(GenerationRow row) {
        String since = row.gates();
        if (since != null && Instant.parse(since).plus(GRACE).isAfter(clock.instant())) {
            return;
        }
        if (!gate.mayVanish(row)) {
            return;
        }
        if (row.ownsPassages()) {
            index.dropGeneration(row.id());
            generations.forget(row.id());
        }
        table.remove(row.id());
    }

    /** @param share of live queries that it is asked too, 0 to 1 */
    public void shadow(CollectionKey collection, GenerationId id, double share) {
        GenerationRow row = find(collection, id);
        if (share > 0 && row.state() == GenerationState.LIVE) {
            throw new PalimpsestException(ErrorCode.GENERATION_IN_USE, "generation " + id + " is live itself");
        }
        table.shadow(id, share);
        generations.look();
    }
}
