package io.palimpsest.retrain.tune.lora;

import io.palimpsest.retrain.tune.encoder.OnnxFile;
import io.palimpsest.retrain.tune.encoder.OnnxTensorBytes;

/** The encoder's frozen first step: a token's row is its word's, its position's and the first type's. */
final class TokenRows {
    private final OnnxFile file;
    private final OnnxTensorBytes words;
    private final float[] positions;
    private final float[] type;
    private final int hidden;

    TokenRows(OnnxFile file) {
        this.file = file;
        this.words = file.weightOf("/embeddings/word_embeddings/Gather");
        this.hidden = words.shape().get(1);
        this.positions = file.floats(file.weightOf("/embeddings/position_embeddings/Gather"));
        this.type = new float[hidden];
        file.floats(file.weightOf("/embeddings/token_type_embeddings/Gather"), 0, type);
    }

    int hidden() {
        return hidden;
    }

    /** Row-major [ids.length, width, hidden]; what is beyond a text's own length is zero. */
    float[] of(long[][] ids, int width) {
        float[] rows = new float[ids.length * width * hidden];
        float[] word = new float[hidden];
        for (int text = 0; text < ids.length; text++) {
            for (int token = 0; token < ids[text].length; token++) {
                file.floats(words, Math.toIntExact(ids[text][token]) * hidden, word);
                int at = (text * width + token) * hidden;
                for (int i = 0; i < hidden; i++) {
                    rows[at + i] = word[i] + type[i] + positions[token * hidden + i];
                }
            }
        }
        return rows;
    }
}
