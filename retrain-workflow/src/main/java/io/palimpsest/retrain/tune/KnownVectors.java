package io.palimpsest.retrain.tune;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Vectors that need no embedding any more: float[dimensions], L2-normalised, by id. Threading: none. */
public final class KnownVectors {
    private final Map<String, float[]> queries = new HashMap<>();
    private final Map<String, float[]> passages = new HashMap<>();

    /** A line of {@code vectors.jsonl}; one of the ids is there. */
    @SuppressWarnings("ArrayRecordComponent") // read and taken apart
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(@Nullable String queryId, @Nullable String passageId, float[] vector) {
        public Line {
            if ((queryId == null) == (passageId == null) || vector == null) {
                throw new IllegalArgumentException("a vector belongs to a query or to a passage");
            }
            for (float value : vector) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a vector holds what is no number");
                }
            }
        }
    }

    void add(Line line) {
        if (line.queryId() != null) {
            queries.put(line.queryId(), line.vector());
        } else if (line.passageId() != null) {
            passages.put(line.passageId(), line.vector());
        }
    }

    /** The array is not copied: read only. */
    public float @Nullable [] ofQuery(String id) {
        return queries.get(id);
    }

    /** The array is not copied: read only. */
    public float @Nullable [] ofPassage(String id) {
        return passages.get(id);
    }
}
