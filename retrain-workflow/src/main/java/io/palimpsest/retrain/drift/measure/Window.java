package io.palimpsest.retrain.drift.measure;

import io.palimpsest.contracts.id.ModelId;
import java.util.ArrayList;
import java.util.List;

/**
 * A window of queries, closed: all of them in the tally, a sample of their embeddings.
 *
 * @param embeddings by {@code model}
 */
public record Window(ModelId model, Tally tally, List<float[]> embeddings) {
    public Window {
        embeddings = List.copyOf(embeddings);
    }

    /** Of several parts; the embeddings of those under the last part's model. */
    public static Window of(List<Window> parts) {
        ModelId model = parts.getLast().model();
        Tally tally = new Tally();
        List<float[]> embeddings = new ArrayList<>();
        for (Window part : parts) {
            tally = tally.plus(part.tally());
            if (part.model().equals(model)) {
                embeddings.addAll(part.embeddings());
            }
        }
        return new Window(model, tally, embeddings);
    }
}
