package io.palimpsest.ingest.source.s3;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.ingest.source.PassedOver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watched bucket is doing.
 *
 * @param name of the source
 * @param bucket with the prefix that is watched
 * @param listed documents in the last known listing
 * @param published changes sent since the start
 * @param notified notifications taken since the start
 * @param unreadable objects that are passed over: too large, or without a name for a document
 * @param passedOver the first {@link PassedOver#TOLD} of them, and why
 * @param heldDeletes deletes that wait for approval: suspiciously many at once
 * @param problem why it does not work now; null when it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3Progress(
        String name,
        String bucket,
        boolean listing,
        long listed,
        long published,
        long notified,
        long unreadable,
        List<PassedOver.Entry> passedOver,
        long heldDeletes,
        @Nullable String problem) {}
