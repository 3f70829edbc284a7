package io.palimpsest.index.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a generation was live.
 *
 * @param until exclusive; null: it still is
 * @param reason null where nobody gave one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LivePeriod(
        long number,
        GenerationId generation,
        ModelId model,
        Instant from,
        @Nullable Instant until,
        Act act,
        String actor,
        @Nullable String reason) {
    /** How it came to be live. */
    public enum Act {
        FIRST,
        /** Model or passage policy of the settings changed. */
        CONFIGURED,
        SWAP,
        ROLLBACK
    }
}
