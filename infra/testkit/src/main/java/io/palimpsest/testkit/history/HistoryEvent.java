package io.palimpsest.testkit.history;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One change of one document.
 *
 * @param seq ascending from the start of the history
 * @param oldPath where it was before; RENAME only
 * @param oldBlob content before; null for ADD
 * @param blob content after; null for DELETE
 */
public record HistoryEvent(
        long seq,
        Op op,
        String path,
        @JsonProperty("old_path") @Nullable String oldPath,
        @JsonProperty("old_blob") @Nullable String oldBlob,
        @Nullable String blob) {
    /** True when the same document was there before, with other content. */
    public boolean changesContent() {
        return oldBlob != null && blob != null && !oldBlob.equals(blob);
    }

    /** What happened to the file. */
    public enum Op {
        ADD,
        MODIFY,
        RENAME,
        DELETE
    }
}
