package io.palimpsest.ingest.source.s3;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.ingest.fetch.S3Uri;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.IncomingChange;
import io.palimpsest.ingest.source.PassedOver;
import io.palimpsest.platform.s3.S3Bucket;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Looks at one object as it is now, and publishes when that is not what was known: the same for a listing and for a
 * notification, which only say where to look.
 *
 * <p>Threading: any number of threads and processes. Ordering: see {@link ObjectRows}. Failure: RETRY codes; what was not
 * acknowledged is found by the next look.
 */
final class ObjectLook {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectLook.class);
    private static final int ATTEMPTS = 20;
    private static final long EPOCH = 0;

    private final S3Bucket bucket;
    private final ObjectRows rows;
    private final ChangeIntake intake;
    private final Target target;
    private final AtomicLong published = new AtomicLong();
    private final PassedOver passedOver = new PassedOver();

    /**
     * Whose documents the objects are.
     *
     * @param source of the changes
     * @param maxBytes of an object; larger ones are passed over
     */
    record Target(CollectionKey collection, String source, long maxBytes) {}

    ObjectLook(S3Bucket bucket, ObjectRows rows, ChangeIntake intake, Target target) {
        this.bucket = bucket;
        this.rows = rows;
        this.intake = intake;
        this.target = target;
    }

    Target target() {
        return target;
    }

    long published() {
        return published.get();
    }

    PassedOver passedOver() {
        return passedOver;
    }

    /** Folders of consoles are no documents. */
    static boolean isDocument(String key) {
        return !key.isEmpty() && !key.endsWith("/");
    }

    void at(String key) {
        S3Uri uri = new S3Uri(bucket.name(), key, null);
        if (!isDocument(key)) {
            return;
        }
        if (!DocumentId.fits(uri.document())) {
            passOver(key, ErrorCode.FILE_NAME_UNUSABLE, "its key is too long to be the id of a document");
            return;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ObjectRows.Row before = rows.row(key).orElse(null);
            if (compare(key, before)) {
                return;
            }
        }
        throw new PalimpsestException(ErrorCode.FETCH_FAILED, "an object changes faster than it can be looked at");
    }

    /** @return false where another look was faster: then this one may be older */
    private boolean compare(String key, ObjectRows.@Nullable Row before) {
        ObjectState now = head(key).orElse(null);
        if (now != null && now.bytes() > target.maxBytes()) {
            passOver(key, ErrorCode.FETCH_TOO_LARGE, now.bytes() + " bytes, at most " + target.maxBytes());
            return true;
        }
        passedOver.remove(key);
        if (before == null && now == null) {
            return true;
        }
        if (before != null && before.isSettledAs(now)) {
            if (now != null && before.state() != null && !before.state().isListedAs(now)) {
                rows.touch(before, now);
            }
            return true;
        }
        OptionalLong sequence = before != null && before.isInterruptedAs(now)
                ? OptionalLong.of(before.sequence())
                : rows.reserve(key, before, now);
        if (sequence.isEmpty()) {
            return false;
        }
        publish(key, before, now, sequence.getAsLong());
        rows.published(key, sequence.getAsLong());
        return true;
    }

    private Optional<ObjectState> head(String key) {
        return bucket.ask("an object cannot be looked at", s3 -> {
            try {
                return Optional.of(ObjectState.of(
                        s3.headObject(r -> r.bucket(bucket.name()).key(key))));
            } catch (S3Exception e) {
                if (e.statusCode() != 404) { // which a missing bucket answers too
                    throw e;
                }
                s3.listObjectsV2(r -> r.bucket(bucket.name()).prefix(key).maxKeys(1));
                return Optional.<ObjectState>empty();
            }
        });
    }

    private void publish(String key, ObjectRows.@Nullable Row before, @Nullable ObjectState now, long sequence) {
        S3Uri uri = new S3Uri(bucket.name(), key, now == null ? null : now.versionId());
        ChangeType type = now == null
                ? ChangeType.DELETED
                : before == null || before.state() == null ? ChangeType.CREATED : ChangeType.UPDATED;
        IncomingChange change = new IncomingChange(
                DocumentKey.of(target.collection(), uri.document()),
                target.source(),
                sequence + ":" + uri.document() + ":" + (now == null ? "deleted" : now.etag()),
                type,
                new Position(EPOCH, sequence),
                now == null ? null : new IncomingChange.Content.At(uri.uri()),
                new DocumentProperties(
                        null, uri.document(), null, key.substring(key.lastIndexOf('/') + 1), null, null, null),
                now == null ? null : Instant.ofEpochSecond(now.modified()));
        try {
            intake.acceptAsync("s3", change).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PalimpsestException failed ? failed : e;
        }
        published.incrementAndGet();
    }

    private void passOver(String key, ErrorCode code, String why) {
        passedOver.add(key, new PassedOver.Reason(code, why));
        LOG.atWarn()
                .addKeyValue("errorCode", code.id())
                .log("an object of bucket {} is passed over: {}", bucket.name(), why);
    }
}
