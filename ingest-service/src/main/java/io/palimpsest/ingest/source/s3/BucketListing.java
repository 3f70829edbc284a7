package io.palimpsest.ingest.source.s3;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.s3.S3Bucket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Holds a bucket's listing against what is known, page by page, and looks at what differs. Memory: the keys.
 *
 * <p>Threading: one thread at a time.
 */
final class BucketListing {
    /** Arbitrary: looks are requests that wait. */
    private static final int LOOKS_AT_ONCE = 8;

    private final S3Bucket bucket;
    private final String prefix;
    private final ObjectRows rows;
    private final ObjectLook look;

    BucketListing(S3Bucket bucket, String prefix, ObjectRows rows, ObjectLook look) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.rows = rows;
        this.look = look;
    }

    /**
     * Looks at what is new or changed.
     *
     * @param goOn asked after each page
     * @return what is known and not listed, to be looked at by the caller; empty where it was stopped
     */
    List<String> compare(BooleanSupplier goOn) {
        look.passedOver().lookBegins();
        List<String> known = rows.present();
        Set<String> seen = new HashSet<>();
        String next = null;
        try (ExecutorService looks = Executors.newFixedThreadPool(
                LOOKS_AT_ONCE, Thread.ofVirtual().name("s3-look").factory())) {
            do {
                ListObjectsV2Response page = page(next);
                differing(page.contents(), seen, looks);
                next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
            } while (next != null && goOn.getAsBoolean());
        }
        if (next != null) {
            return List.of();
        }
        look.passedOver().lookEnded();
        return known.stream().filter(key -> !seen.contains(key)).toList();
    }

    private ListObjectsV2Response page(@Nullable String from) {
        return bucket.ask(
                "it cannot be listed",
                s3 -> s3.listObjectsV2(
                        r -> r.bucket(bucket.name()).prefix(prefix).continuationToken(from)));
    }

    private void differing(List<S3Object> listed, Set<String> seen, ExecutorService looks) {
        List<String> keys = listed.stream()
                .map(S3Object::key)
                .filter(ObjectLook::isDocument)
                .toList();
        seen.addAll(keys);
        if (keys.isEmpty()) {
            return;
        }
        Map<String, ObjectRows.Row> known = rows.rows(keys);
        List<Future<?>> all = new ArrayList<>();
        for (S3Object object : listed) {
            ObjectRows.Row row = known.get(object.key());
            boolean same = row != null
                    && row.published()
                    && row.state() != null
                    && row.state().isListedAs(ObjectState.of(object));
            if (!same) {
                all.add(looks.submit(() -> look.at(object.key())));
            }
        }
        all.forEach(BucketListing::done);
    }

    private static void done(Future<?> look) {
        try {
            look.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PalimpsestException failed ? failed : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("told to stop", e);
        }
    }
}
