package io.palimpsest.ledger;

import io.palimpsest.ledger.erase.Certificates;
import io.palimpsest.ledger.erase.LedgerSubjects;
import io.palimpsest.ledger.export.CheckpointExports;
import io.palimpsest.ledger.log.Scrub;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.registry.RevisionFollower;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.ledger.sequence.Salts;
import io.palimpsest.ledger.sequence.Sequencer;
import io.palimpsest.ledger.sequence.SequencerLoop;
import io.palimpsest.ledger.serve.CertificateRoutes;
import io.palimpsest.ledger.serve.LedgerRoutes;
import io.palimpsest.ledger.serve.LogRoutes;
import io.palimpsest.ledger.serve.QueryEntryRoutes;
import io.palimpsest.ledger.serve.ServedProofs;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.ledger.KeptThresholds;
import io.palimpsest.platform.ledger.LogProofs;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.verifier.audit.LogPlace;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Tile;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ledger: the log, its sequencer and its pages. Wired in reading order, closed in reverse.
 *
 * <p>Threading: start and close once; one process of all at a time. Failure: what {@link TransparencyLog#open} throws.
 */
public final class LedgerApp implements AutoCloseable {
    private static final String CHECKPOINT = "checkpoint";

    private final Closing closing;
    private final TransparencyLog log;
    private final Scrub scrub;
    private final SequencerLoop loop;
    private final WitnessRounds witnesses;
    private final RevisionFollower revisions;
    private final CheckpointExports exports;
    private final Telemetry telemetry;
    private final Health health;
    private final List<Routes> routes;
    private final ErasableStore store;

    /** Nothing runs before {@link #start}. */
    public static LedgerApp of(LedgerParts parts) {
        return Closing.making(closing -> new LedgerApp(parts, closing));
    }

    private LedgerApp(LedgerParts parts, Closing closing) {
        this.closing = closing;
        log = closing.add(TransparencyLog.open(
                parts.settings().dir(),
                LedgerKeys.of(parts.settings(), parts.clock()),
                parts.settings().check()));
        scrub = closing.add(new Scrub(log));
        EntryIndex index = new EntryIndex(parts.sql(), log, parts.clock());
        Salts salts = new Salts(parts.sql());
        loop = closing.add(
                new SequencerLoop(new Sequencer(log, index, salts), parts.entries(), parts.kafka(), parts.instance()));
        witnesses = closing.add(new WitnessRounds(log, parts.settings(), parts.clock()));
        revisions = closing.add(new RevisionFollower(parts.sql(), parts.registry(), parts.kafka()));
        Erasures erasures = new Erasures(parts.sql(), parts.clock());
        Certificates certificates = new Certificates(erasures, log, index, parts.entries());
        store = new LedgerSubjects(parts.sql(), parts.entries(), certificates);
        routes = List.of(
                new LogRoutes(log, this::served),
                new LedgerRoutes(log, index, salts, parts.entries(), new KeptThresholds(parts.sql()), parts.clock()),
                new QueryEntryRoutes(index, parts.entries()),
                new CertificateRoutes(erasures, certificates));
        exports = closing.add(new CheckpointExports(parts.settings().export(), this::served, parts.clock()));
        telemetry = parts.telemetry();
        health = parts.health();
        parts.health().register("ledger", this::state);
        parts.telemetry().gauge(Metric.LEDGER_TREE_SIZE, () -> log.head().treeSize());
        parts.telemetry()
                .gauge(
                        Metric.LEDGER_WITNESSED_SIZE,
                        () -> log.witnessed()
                                .map(TransparencyLog.Head::treeSize)
                                .orElse(0L));
        parts.telemetry().gauge(Metric.LEDGER_CHECKED, scrub::progress);
    }

    public void start() {
        loop.start();
        scrub.start();
        witnesses.start();
        revisions.start();
        exports.start(telemetry, health);
    }

    public List<Routes> routes() {
        return routes;
    }

    /** The log as it is served. */
    public LogPlace place() {
        return path -> {
            if (path.equals(CHECKPOINT)) {
                return served().orElseThrow(() -> new NoSuchFileException(path)).bytes();
            }
            return log.read(Tile.parse(path).orElseThrow(() -> new NoSuchFileException(path)));
        };
    }

    /**
     * What other services ask of the log.
     *
     * @param place of the log as it is served
     */
    public static LogProofs proofs(Supplier<LogPlace> place, Sql sql, LedgerSettings settings) {
        return new ServedProofs(place, sql, WitnessRounds.policy(settings));
    }

    /** What the ledger keeps of documents. */
    public ErasableStore store() {
        return store;
    }

    /** Whose lag is told. */
    public static List<FollowedGroup> groups() {
        return List.of(SequencerLoop.group(), RevisionFollower.group());
    }

    private Optional<SignedNote> served() {
        return (witnesses.areAwaited() ? log.witnessed() : Optional.of(log.head())).map(TransparencyLog.Head::note);
    }

    private Health.State state() {
        return scrub.damage()
                .map(damage -> Health.State.down(String.valueOf(damage.getMessage())))
                .orElseGet(
                        () -> Health.State.of(loop.healthy(), "entries are not sequenced; they wait in their topic"));
    }

    @Override
    public void close() {
        closing.close();
    }
}
