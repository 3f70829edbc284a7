package io.palimpsest.ingest.source;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.intake.IncomingChange;
import org.jspecify.annotations.Nullable;

/**
 * A difference between a folder and its last known listing.
 *
 * @param path relative to the root, with slashes
 * @param hash of the bytes; null for a delete
 * @param content null for a delete
 */
record FileChange(
        String path,
        long size,
        long mtime,
        @Nullable ContentHash hash,
        IncomingChange.@Nullable Content content,
        Trace trace) {

    /**
     * What the listing says of it.
     *
     * @param known the listing had it: an update, not a creation
     * @param reserved sequence that an interrupted attempt reserved for the same bytes; null to reserve one
     */
    record Trace(boolean known, @Nullable Long reserved) {}

    boolean isDelete() {
        return hash == null;
    }
}
