package io.palimpsest.index.embed;

import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.nio.file.Path;

/** MiniLM for tests, unpacked once under the build directory. */
final class MiniLm {
    private static final Path DIRECTORY = Path.of("target", "models");

    private MiniLm() {}

    static OnnxEmbedder embedder(Precision precision) {
        return new OnnxEmbedder(OnnxModel.miniLm(precision, DIRECTORY), tokenizer(), 2);
    }

    static EmbedderTokenizer tokenizer() {
        return EmbedderTokenizer.miniLm(DIRECTORY.toAbsolutePath().resolve("natives"));
    }
}
