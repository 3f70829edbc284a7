package io.palimpsest.ingest.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watched folder is doing.
 *
 * @param folder where it lies
 * @param name of it in its collection; empty for the first
 * @param elsewhere another process watches it, and this one stands by
 * @param listed documents in the last known listing
 * @param published changes sent since the start
 * @param toPublish files that the first look found new or changed and has not published yet; null before it has counted them
 * @param unreadable files and directories that are passed over: they cannot be read or named, or are too large
 * @param passedOver the first {@link PassedOver#TOLD} of them, and why
 * @param heldDeletes deletes that wait for approval: suspiciously many at once
 * @param problem why it does not work now; null when it does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FolderProgress(
        String folder,
        String name,
        boolean listing,
        boolean elsewhere,
        long listed,
        long published,
        @Nullable Long toPublish,
        long unreadable,
        List<PassedOver.Entry> passedOver,
        long heldDeletes,
        @Nullable String problem) {}
