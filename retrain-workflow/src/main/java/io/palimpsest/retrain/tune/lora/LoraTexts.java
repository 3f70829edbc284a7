package io.palimpsest.retrain.tune.lora;

import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.TrainingSet;
import java.util.List;

/** A slice as token ids, special tokens included, cut to the training's length. */
record LoraTexts(TrainingSet set, List<long[]> queries, List<long[]> passages) {
    static LoraTexts of(TrainingSet set, EmbedderTokenizer tokenizer, int maxTokens) {
        return new LoraTexts(
                set,
                set.queries().stream()
                        .map(query -> tokenizer.encode(query.text(), maxTokens).ids())
                        .toList(),
                set.passages().stream()
                        .map(text -> tokenizer.encode(text, maxTokens).ids())
                        .toList());
    }
}
