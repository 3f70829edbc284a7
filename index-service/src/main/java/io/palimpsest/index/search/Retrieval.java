package io.palimpsest.index.search;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, before it becomes JSON.
 *
 * @param generation null when there is nothing to search for this caller
 * @param tookMillis by stage, in order
 */
public record Retrieval(
        String queryId,
        List<RankedPassage> hits,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        Duration indexLag,
        Map<String, Double> tookMillis,
        List<Note> notes) {
    public Retrieval {
        hits = List.copyOf(hits);
        notes = List.copyOf(notes);
    }
}
