package io.palimpsest.ingest.source.s3;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.ingest.source.DeleteGuard;
import io.palimpsest.platform.config.S3SourceSettings;
import io.palimpsest.platform.config.S3SourceSettings.Watched;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.s3.S3Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Publishes what changes in a bucket: at each notification, and at a comparison with the last known listing at the start and
 * from time to time.
 *
 * <p>Threading: a thread of its own between {@link #start} and {@link #close}; the rest from any thread. Several processes
 * may watch the same bucket. Ordering and idempotency: see {@link ObjectRows}. Failure: the listing waits and begins again;
 * {@link #noticed} throws RETRY codes, for whoever sends notifications to send them again.
 */
public final class S3Source implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(S3Source.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Watched watched;
    private final CollectionKey collection;
    private final S3SourceSettings settings;
    private final S3Bucket bucket;
    private final ObjectRows rows;
    private final ObjectLook look;
    private final BucketListing listing;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong notified = new AtomicLong();
    private final DeleteGuard deletes;
    private volatile boolean comparing = true;
    private volatile long listed;
    private volatile @Nullable String problem;

    /**
     * What it stands on.
     *
     * @param client stays the caller's
     * @param maxBytes of an object; larger ones are passed over
     */
    public record Parts(S3Client client, ChangeIntake intake, Sql sql, Clock clock, long maxBytes) {}

    public S3Source(Watched watched, CollectionKey collection, S3SourceSettings settings, Parts parts) {
        this.watched = watched;
        this.collection = collection;
        this.settings = settings;
        this.deletes = new DeleteGuard(settings.maxDeleteRatio());
        this.bucket = new S3Bucket(
                parts.client(),
                new S3Bucket.Place(settings.access().address(), watched.bucket(), "s3.source", ErrorCode.FETCH_FAILED),
                (s3, name) -> s3.listObjectsV2(
                        r -> r.bucket(name).prefix(watched.prefix()).maxKeys(1)));
        this.rows =
                new ObjectRows(parts.sql(), collection + "/" + watched.name() + "/" + watched.bucket(), parts.clock());
        this.look = new ObjectLook(
                bucket,
                rows,
                parts.intake(),
                new ObjectLook.Target(collection, "s3:" + watched.name(), parts.maxBytes()));
        this.listing = new BucketListing(bucket, watched.prefix(), rows, look);
        this.thread = Thread.ofPlatform().name("s3-" + watched.name()).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public String name() {
        return watched.name();
    }

    public CollectionKey collection() {
        return collection;
    }

    /**
     * Looks at what notifications name, and publishes it, before it returns; what is not watched here is passed over.
     *
     * @throws PalimpsestException with a RETRY code: then some were not looked at
     */
    public void noticed(List<S3Notice> notices) {
        for (S3Notice notice : notices) {
            if (watched.contains(notice.bucket(), notice.key())) {
                look.at(notice.key());
                notified.incrementAndGet();
            }
        }
    }

    public S3Progress progress() {
        return new S3Progress(
                watched.name(),
                watched.prefix().isEmpty() ? watched.bucket() : watched.bucket() + "/" + watched.prefix(),
                comparing,
                listed,
                look.published(),
                notified.get(),
                look.passedOver().count(),
                look.passedOver().told(),
                deletes.held(),
                problem);
    }

    /** Lets the deletes go that the next comparison finds. */
    public void approveDeletes() {
        deletes.approve();
    }

    /** For comparing it with the documents that we have. */
    public ReconcilableSource reconcilable() {
        return new BucketReconciliation(watched.prefix(), settings.maxDeleteRatio(), bucket, rows, look);
    }

    public boolean healthy() {
        return thread.isAlive() && problem == null;
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        while (closing.getCount() > 0) {
            Duration pause;
            try {
                compare();
                problem = null;
                failures = 0;
                pause = settings.rescan();
            } catch (RuntimeException e) {
                ErrorCode code = e instanceof PalimpsestException known ? known.code() : ErrorCode.INTERNAL;
                problem = code.id();
                if (closing.getCount() > 0) {
                    LOG.atWarn()
                            .setCause(e)
                            .addKeyValue("errorCode", code.id())
                            .log("a watched bucket waits, and is listed again: {}", e.getMessage());
                }
                pause = BACK_OFF.after(++failures);
            }
            await(pause);
        }
    }

    private void compare() {
        comparing = true;
        long known = rows.count();
        List<String> gone = listing.compare(() -> closing.getCount() > 0);
        if (deletes.letsGo(gone.size(), known)) {
            gone.forEach(key -> look.at(key));
        }
        listed = rows.count();
        comparing = false;
    }

    private void await(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        try {
            while (System.nanoTime() < end && !deletes.isDue()) {
                if (closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }
}
