package io.palimpsest.index.generation;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is live in each collection, and what changes go into. The first generation has the model of the settings and is made
 * when its first document arrives; other settings make another one, filled from the compacted revisions, unless one that
 * someone asked for is live. The ledger is told of what is live when it comes to be, and at each start again: a process may
 * end between the act and the telling, and the same act is the same entry.
 *
 * <p>Threading: safe; from {@link #start} on a thread of its own sees what other processes did, within a second. Failure: while
 * the database is away searches read what was live before.
 */
public final class Generations implements LiveGenerations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final long LOOK_MILLIS = 250;

    private final PassageIndex index;
    private final GenerationTable table;
    private final ConfiguredGenerations configured;
    private final GenerationLedger ledger;
    private final Set<GenerationId> made = ConcurrentHashMap.newKeySet();
    private volatile Map<CollectionKey, GenerationRow> live = Map.of();
    private volatile List<GenerationRow> rows = List.of();
    private @Nullable ScheduledExecutorService looks;

    /** What the first generations are built with. */
    public record Built(ModelId model, int dimensions, PassagePolicyId policy) {}

    public Generations(
            PassageIndex index,
            GenerationTable table,
            Built with,
            LedgerEntries entries,
            LedgerSink sink,
            InstantSource clock) {
        this.index = index;
        this.table = table;
        this.configured = new ConfiguredGenerations(with, clock);
        this.ledger = new GenerationLedger(entries, sink);
        adopt();
        look();
        live.values().forEach(this::tellAgain);
    }

    /** Looks for swaps of other processes from now on. */
    public Generations start() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("generations").factory());
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::lookQuietly, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        looks = timer;
        return this;
    }

    /** Changes with the settings' model and policy: the part of consumer group names that makes a new generation start over. */
    public String signature() {
        return configured.signature();
    }

    /**
     * Where a batch of changes goes: what is live first, made where there is none, then what is being built and what may be
     * rolled back to. Asked of the database each time, after the batch was read: a build that begins later finds the batch
     * among the current revisions.
     */
    public List<Generation> written(CollectionKey collection) {
        List<GenerationRow> all = table.of(collection);
        if (all.stream().noneMatch(configured::serves)) {
            makeFirst(collection);
            all = table.of(collection);
        }
        List<Generation> written = new ArrayList<>();
        all.stream().filter(configured::serves).forEach(row -> written.add(row.passages()));
        all.stream()
                .filter(row -> row.written() && !written.contains(row.passages()))
                .map(GenerationRow::passages)
                .distinct()
                .forEach(written::add);
        written.forEach(this::ensure);
        return written;
    }

    /** The first of {@link #written}. */
    public Generation forWriting(CollectionKey collection) {
        return written(collection).getFirst();
    }

    /** One that is not live cannot be kept up to date: nobody waits for it any more. */
    public void giveUp(Generation generation, ErrorCode code) {
        LOG.atError()
                .addKeyValue("errorCode", code.id())
                .log("generation {} cannot be kept up to date and gets no more changes", generation.id());
        table.failed(generation.id(), code.id());
    }

    /** For searching: empty when nothing was ever indexed in the collection, by whichever process. */
    @Override
    public Optional<Serving> live(CollectionKey collection) {
        GenerationRow known = live.get(collection);
        if (known == null || !isThere(known.passages())) {
            look();
            known = live.get(collection);
        }
        return Optional.ofNullable(known).filter(row -> isThere(row.passages())).map(GenerationRow::serving);
    }

    @Override
    public Optional<Serving> asOf(CollectionKey collection, Instant moment) {
        Optional<Serving> now = live(collection);
        GenerationRow row = live.get(collection);
        if (now.isEmpty() || row == null || hasHistory(row, moment)) {
            return now;
        }
        List<LivePeriod> periods = table.history(collection);
        LivePeriod then = periods.stream()
                .filter(period -> !period.from().isAfter(moment))
                .reduce((earlier, later) -> later)
                .orElse(periods.getFirst());
        return Optional.of(table.find(then.generation())
                .filter(old -> old.state() != GenerationState.DROPPING)
                .filter(old -> hasHistory(old, moment) && isThere(old.passages()))
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.AS_OF_NOT_RETAINED,
                        "asOf: generation " + then.generation() + ", which was live then, was dropped"))
                .serving());
    }

    @Override
    public Optional<Serving> retained(CollectionKey collection, GenerationId generation) {
        return table.find(generation)
                .filter(row -> row.collection().equals(collection) && row.state() != GenerationState.DROPPING)
                .filter(row -> isThere(row.passages()))
                .map(GenerationRow::serving);
    }

    private static boolean hasHistory(GenerationRow row, Instant moment) {
        Instant from = row.historyFrom();
        return from != null && !from.isAfter(moment);
    }

    @Override
    public Serving named(CollectionKey collection, GenerationId generation) {
        GenerationRow row = table.find(generation)
                .filter(found -> found.collection().equals(collection) && found.state() != GenerationState.DROPPING)
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such generation for this key"));
        if (!row.isUpToDate()) {
            throw new PalimpsestException(
                    ErrorCode.GENERATION_NOT_READY, "generation " + generation + " is " + row.state());
        }
        return row.serving();
    }

    /** Generations as they were at the last look, less than a second ago. */
    public List<GenerationRow> known() {
        return rows;
    }

    /** Of every generation that is read or written. */
    public Set<ModelId> models() {
        Set<ModelId> models = new HashSet<>();
        for (GenerationRow row : rows) {
            if (row.written() || row.state() == GenerationState.LIVE) {
                models.add(row.model());
                models.add(row.passages().model());
            }
        }
        return models;
    }

    /** Makes what the database says now what searches read. */
    void look() {
        List<GenerationRow> all = table.all();
        Map<CollectionKey, GenerationRow> found = new HashMap<>();
        all.stream().filter(configured::serves).forEach(row -> found.put(row.collection(), row));
        rows = all;
        live = Map.copyOf(found);
    }

    private void lookQuietly() {
        try {
            look();
        } catch (PalimpsestException e) {
            LOG.atDebug().setCause(e).log("what is live could not be looked up; tried again");
        }
    }

    private boolean isThere(Generation generation) {
        if (made.contains(generation.id())) {
            return true;
        }
        index.generations().forEach(there -> made.add(there.id()));
        return made.contains(generation.id());
    }

    /** What was lost with its index is made again. */
    private void ensure(Generation generation) {
        if (!isThere(generation)) {
            index.createGeneration(generation);
            made.add(generation.id());
        }
    }

    void forget(GenerationId dropped) {
        made.remove(dropped);
    }

    private void makeFirst(CollectionKey collection) {
        Optional<LivePeriod> begun = table.inTurn(in -> configured.goLive(in, index, collection));
        look();
        begun.ifPresent(period -> {
            GenerationRow row = configured.row(collection, period.from());
            ledger.made(row, GenerationLedger.SERVICE);
            ledger.live(row, period);
        });
    }

    /** Generations of an index that was filled before the database knew of generations. */
    private void adopt() {
        Set<CollectionKey> known = new HashSet<>();
        table.all().forEach(row -> known.add(row.collection()));
        for (Generation generation : index.generations()) {
            made.add(generation.id());
            CollectionKey collection = generation.collection();
            if (generation.id().equals(configured.id(collection)) && known.add(collection)) {
                makeFirst(collection);
            }
        }
    }

    private void tellAgain(GenerationRow row) {
        ledger.made(row, GenerationLedger.SERVICE);
        List<LivePeriod> periods = table.history(row.collection());
        if (!periods.isEmpty()) {
            ledger.live(row, periods.getLast());
        }
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.shutdownNow();
        }
    }
}
