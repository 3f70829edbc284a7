package io.palimpsest.ingest.source.s3;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.ingest.fetch.S3Uri;
import io.palimpsest.ingest.reconcile.Difference;
import io.palimpsest.ingest.reconcile.Listed;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.ingest.source.DeleteGuard;
import io.palimpsest.platform.s3.S3Bucket;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A watched bucket against the documents that we have, by ETag. Threading: one thread at a time. */
final class BucketReconciliation implements ReconcilableSource {
    private final String prefix;
    private final double maxDeleteRatio;
    private final S3Bucket bucket;
    private final ObjectRows rows;
    private final ObjectLook look;

    BucketReconciliation(String prefix, double maxDeleteRatio, S3Bucket bucket, ObjectRows rows, ObjectLook look) {
        this.prefix = prefix;
        this.maxDeleteRatio = maxDeleteRatio;
        this.bucket = bucket;
        this.rows = rows;
        this.look = look;
    }

    @Override
    public String name() {
        return look.target().source();
    }

    @Override
    public String eventSource() {
        return look.target().source();
    }

    @Override
    public CollectionKey collection() {
        return look.target().collection();
    }

    /** Any process may look at an object. */
    @Override
    public boolean isHere() {
        return true;
    }

    @Override
    public boolean mayLose(long gone, long known) {
        return !DeleteGuard.isSuspicious(gone, known, maxDeleteRatio);
    }

    @Override
    public Listed list(Beat beat) {
        Map<String, String> prints = new HashMap<>();
        Set<String> tooLarge = new HashSet<>();
        long unnamed = 0;
        String next = null;
        do {
            ListObjectsV2Response page = page(next);
            for (S3Object object : page.contents()) {
                String id = new S3Uri(bucket.name(), object.key(), null).document();
                if (!ObjectLook.isDocument(object.key())) {
                    continue;
                }
                if (!DocumentId.fits(id)) {
                    unnamed++;
                } else if (object.size() != null
                        && object.size() > look.target().maxBytes()) {
                    tooLarge.add(id);
                } else {
                    prints.put(id, ObjectState.of(object).etag());
                }
            }
            beat.at(prints.size());
            next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (next != null);
        return new Listed(Map.copyOf(prints), unnamed + tooLarge.size(), id -> tooLarge.contains(id) || !isBelow(id));
    }

    @Override
    public long retell(List<Difference> differences) {
        long before = look.published();
        for (Difference difference : differences) {
            String key = key(difference.document().value());
            if (difference.kind() == Difference.Kind.GONE) {
                rows.assume(key);
            } else {
                rows.forget(key);
            }
            look.at(key);
        }
        return look.published() - before;
    }

    /** What the source had under another prefix, or in another bucket, is not for this listing to judge. */
    private boolean isBelow(String id) {
        return S3Uri.parse(URI.create(id))
                .filter(uri -> uri.bucket().equals(bucket.name()) && uri.key().startsWith(prefix))
                .isPresent();
    }

    private static String key(String id) {
        return S3Uri.parse(URI.create(id))
                .orElseThrow(() -> new PalimpsestException(ErrorCode.INTERNAL, "not the id of an object"))
                .key();
    }

    private ListObjectsV2Response page(@Nullable String from) {
        return bucket.ask(
                "it cannot be listed",
                s3 -> s3.listObjectsV2(
                        r -> r.bucket(bucket.name()).prefix(prefix).continuationToken(from)));
    }
}
