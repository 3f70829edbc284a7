package io.palimpsest.ingest.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a watched folder is doing.
 *
 * @param listed documents in the last known listing
 * @param published changes sent since the start
 * @param unreadable files that could not be read at the last look
 * @param heldDeletes deletes that wait for approval: suspiciously many at once
 * @param problem why it does not work now; null when it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FolderProgress(
        String folder,
        boolean listing,
        long listed,
        long published,
        long unreadable,
        long heldDeletes,
        @Nullable String problem) {}
