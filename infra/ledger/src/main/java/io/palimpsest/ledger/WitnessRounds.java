package io.palimpsest.ledger;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.witness.WitnessEndpoint;
import io.palimpsest.ledger.witness.WitnessLimits;
import io.palimpsest.ledger.witness.Witnessed;
import io.palimpsest.ledger.witness.Witnesses;
import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.witness.WitnessPolicy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the witnesses for their cosignatures of the newest checkpoint, again and again, and keeps what has a quorum.
 *
 * <p>Threading: one thread of its own. Failure: is logged; the next round asks anew.
 */
final class WitnessRounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessRounds.class);
    private static final Duration ROUND = Duration.ofSeconds(15);

    private final TransparencyLog log;
    private final Witnesses witnesses;
    private final Duration every;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-witnesses").factory());

    /** @throws PalimpsestException CONFIG_INVALID for a witness that is none */
    WitnessRounds(TransparencyLog log, LedgerSettings settings, Clock clock) {
        this.log = log;
        this.every = settings.witnessEvery();
        this.witnesses =
                valid(settings, endpoints -> new Witnesses(endpoints, settings.quorum(), WitnessLimits.DEFAULT, clock));
    }

    /**
     * Which witnesses count, and how many it takes.
     *
     * @throws PalimpsestException CONFIG_INVALID for a witness that is none
     */
    static WitnessPolicy policy(LedgerSettings settings) {
        return valid(
                settings,
                endpoints -> new WitnessPolicy(
                        endpoints.stream().map(WitnessEndpoint::key).toList(), settings.quorum()));
    }

    private static <T> T valid(LedgerSettings settings, Function<List<WitnessEndpoint>, T> of) {
        try {
            return of.apply(
                    settings.witnesses().stream().map(WitnessRounds::endpoint).toList());
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "ledger.witnesses: " + e.getMessage(), e);
        }
    }

    void start() {
        if (!witnesses.policy().witnesses().isEmpty()) {
            ScheduledFuture<?> unused =
                    timer.scheduleWithFixedDelay(this::round, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whether a checkpoint counts only with their cosignatures. */
    boolean areAwaited() {
        return witnesses.policy().quorum() > 0;
    }

    private void round() {
        TransparencyLog.Head head = log.head();
        if (log.witnessed().filter(last -> last.treeSize() >= head.treeSize()).isPresent()) {
            return;
        }
        try {
            Witnessed asked =
                    witnesses.collect(head.note(), (from, to) -> log.tree().consistency(from, to), ROUND);
            boolean isNews =
                    asked.note().signatures().size() > head.note().signatures().size();
            if (asked.hasQuorum() && isNews) {
                log.keepWitnessed(asked.note());
            } else {
                LOG.atWarn()
                        .addKeyValue("treeSize", head.treeSize())
                        .log("too few witnesses have cosigned: {}", asked.outcomes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // an exception would end the timer
            LOG.atError().setCause(e).log("witnesses are asked again in {}", every);
        }
    }

    private static WitnessEndpoint endpoint(String setting) {
        String[] parts = setting.strip().split("\\s+");
        if (parts.length != 2) {
            throw new IllegalArgumentException("a witness is its verifier key, a space, and its address");
        }
        return new WitnessEndpoint(NoteKey.parse(parts[0]), URI.create(parts[1]));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        witnesses.close();
    }
}
