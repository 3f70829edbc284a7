package io.palimpsest.standalone;

import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.HashingEmbedder;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Cheap models of which each is blind to half of what there is: the configured one sees digits only, any that is trained sees
 * letters only. Which is better depends on what documents and queries have in common.
 */
final class HalfBlind implements Embedder {
    private static final int DIMENSIONS = 512;
    private static final Pattern DIGITS = Pattern.compile("\\p{N}+");
    private static final Pattern LETTERS = Pattern.compile("\\p{L}+");

    private final ModelId model;
    private final Pattern seen;
    private final HashingEmbedder hashing;

    private HalfBlind(ModelId model, Pattern seen, int dimensions) {
        this.model = model;
        this.seen = seen;
        this.hashing = new HashingEmbedder(dimensions);
    }

    static EmbedderChoice.Factory factory() {
        return (settings, tokenizer) -> new EmbedderChoice(
                new HalfBlind(new ModelId("digits/512/00000000"), DIGITS, DIMENSIONS),
                Optional.empty(),
                (manifest, folder) -> new HalfBlind(manifest.id(), LETTERS, manifest.dimensions()));
    }

    @Override
    public ModelId model() {
        return model;
    }

    @Override
    public int dimensions() {
        return hashing.dimensions();
    }

    @Override
    public int maxTokens() {
        return hashing.maxTokens();
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return hashing.embed(texts.stream()
                .map(text ->
                        seen.matcher(text).results().map(MatchResult::group).collect(Collectors.joining(" ")))
                .toList());
    }

    @Override
    public void close() {}
}
