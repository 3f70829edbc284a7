package io.palimpsest.ingest.source.s3;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What an object is now.
 *
 * @param etag without quotes
 * @param modified seconds: the only unit in which all answers tell it
 * @param versionId null in buckets without versions, and in listings, which tell none
 */
record ObjectState(
        String etag, long bytes, long modified, @Nullable String versionId) {
    static ObjectState of(HeadObjectResponse answer) {
        return new ObjectState(
                bare(answer.eTag()),
                answer.contentLength() == null ? 0 : answer.contentLength(),
                seconds(answer.lastModified()),
                answer.versionId());
    }

    static ObjectState of(S3Object listed) {
        return new ObjectState(
                bare(listed.eTag()), listed.size() == null ? 0 : listed.size(), seconds(listed.lastModified()), null);
    }

    /** Whether a listing's entry is this one. */
    boolean isListedAs(ObjectState listed) {
        return etag.equals(listed.etag) && bytes == listed.bytes && modified == listed.modified;
    }

    /** Whether there is nothing to tell of the other; a version of the same bytes is another one, as the first may go. */
    boolean isSameContent(ObjectState other) {
        return etag.equals(other.etag)
                && bytes == other.bytes
                && (versionId == null ? other.versionId == null : versionId.equals(other.versionId));
    }

    private static String bare(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    private static long seconds(@Nullable Instant time) {
        return time == null ? 0 : time.getEpochSecond();
    }
}
