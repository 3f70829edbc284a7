package io.palimpsest.index.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that was made.
 *
 * @param id of its entry in the log
 * @param at what had been written before is in it
 * @param size passages
 * @param root Base64
 * @param salt Base64
 * @param content tells whether two are of the same documents and passages
 * @param holder the process whose folder has the file
 * @param file null: not kept any more, and only the root is known
 * @param bytes of the file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestRow(
        String id,
        @JsonIgnore CollectionKey collection,
        GenerationId generation,
        Instant at,
        Reason reason,
        long size,
        String root,
        String salt,
        @JsonIgnore String content,
        @JsonIgnore String holder,
        @Nullable String file,
        long bytes) {
    /** Why it was made. */
    public enum Reason {
        /** The generation has everything, and may go live. */
        BUILT,
        /** It went live. */
        LIVE,
        /** It is live, and has changed. */
        CHANGED,
        /** Someone asked for it. */
        ASKED,
        /** Another one went live. */
        RETIRED,
        /** It is let go. */
        DROPPED
    }
}
