package io.palimpsest.index.rerank;

import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.TokenEmbedder;
import java.util.ArrayList;
import java.util.List;

/** Mean over the query's tokens of the best similarity to any token of the passage (MaxSim, Khattab and Zaharia 2020 §3.2). */
public final class LateInteractionReranker implements Reranker {
    /** Below every similarity: a passage without tokens comes last. */
    private static final float NOTHING = -1f;

    private final TokenEmbedder embedder;
    private final String model;

    /** @param model whose token vectors these are */
    public LateInteractionReranker(TokenEmbedder embedder, ModelId model) {
        this.embedder = embedder;
        this.model = "late-interaction/" + model;
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public List<Float> scores(String query, List<String> passages) {
        float[][] asked = embedder.tokenVectors(query);
        List<Float> scores = new ArrayList<>(passages.size());
        for (String passage : passages) {
            scores.add(score(asked, embedder.tokenVectors(passage)));
        }
        return scores;
    }

    private static float score(float[][] asked, float[][] passage) {
        if (asked.length == 0 || passage.length == 0) {
            return NOTHING;
        }
        float sum = 0;
        for (float[] token : asked) {
            float best = NOTHING;
            for (float[] other : passage) {
                best = Math.max(best, dot(token, other));
            }
            sum += best;
        }
        return sum / asked.length;
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
