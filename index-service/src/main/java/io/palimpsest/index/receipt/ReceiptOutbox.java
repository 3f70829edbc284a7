package io.palimpsest.index.receipt;

import io.palimpsest.index.querylog.QueryRows;
import io.palimpsest.platform.ledger.LedgerDelivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the ledger of receipts that are in the database, behind the searches: at once, and what could not be told then, by
 * whichever process, from the database a little later.
 *
 * <p>Threading: one thread of its own. Ordering and idempotency: a receipt is marked after its entry was delivered; a kill in
 * between delivers the same entry again. Failure: what the database or Kafka does not take now is tried again.
 */
public final class ReceiptOutbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptOutbox.class);
    private static final int BATCH = 500;
    private static final int WAITING = 10_000;
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final QueryRows rows;
    private final Receipts receipts;
    private final LedgerDelivery delivery;
    private final Clock clock;
    private final Duration late;
    private final BlockingQueue<KeptReceipt> queue = new ArrayBlockingQueue<>(WAITING);
    private final Thread sender;
    private Instant sweptAt = Instant.EPOCH;
    private volatile boolean open = true;

    /** @param late how old a receipt is before it is looked for in the database */
    public ReceiptOutbox(QueryRows rows, Receipts receipts, LedgerDelivery delivery, Duration late, Clock clock) {
        this.rows = rows;
        this.receipts = receipts;
        this.delivery = delivery;
        this.late = late;
        this.clock = clock;
        this.sender = Thread.ofPlatform().name("receipts").daemon().start(this::tellUntilClosed);
    }

    /** Never waits: what there is no room for is found in the database. */
    public void offer(List<KeptReceipt> kept) {
        kept.stream().takeWhile(queue::offer).forEach(taken -> {});
    }

    private void tellUntilClosed() {
        while (open || !queue.isEmpty()) {
            try {
                KeptReceipt first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<KeptReceipt> batch = new ArrayList<>(List.of(first));
                    queue.drainTo(batch, BATCH - 1);
                    boolean unused = told(batch);
                }
                if (open && !sweptAt.plus(SWEEP_EVERY).isAfter(clock.instant())) {
                    sweptAt = clock.instant();
                    sweep();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("receipts could not be told to the ledger; tried again");
            }
        }
    }

    private void sweep() {
        List<KeptReceipt> found;
        do {
            found = rows.untold(clock.instant().minus(late), BATCH);
        } while (!found.isEmpty() && told(found) && open);
    }

    private boolean told(List<KeptReceipt> batch) {
        if (!delivery.deliver(batch.stream().map(receipts::entry).toList())) {
            LOG.atWarn().log("{} receipts were not taken by the ledger's topic; tried again", batch.size());
            return false;
        }
        rows.markTold(batch);
        return true;
    }

    /** Tells what is waiting, as far as Kafka takes it within seconds. */
    @Override
    public void close() throws InterruptedException {
        open = false;
        sender.join(CLOSING.toMillis());
    }
}
