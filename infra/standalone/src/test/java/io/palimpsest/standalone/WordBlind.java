package io.palimpsest.standalone;

import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.OnnxModels;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.retrain.tune.encoder.OnnxFile;
import io.palimpsest.retrain.tune.encoder.OnnxTensorBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** MiniLM to which all words are the same: their vectors are nought. As fast as the real one, and far worse. */
final class WordBlind {
    private WordBlind() {}

    /** The configured model is the blind one, models of the store are as they are. */
    static EmbedderChoice.Factory factory() {
        return (settings, tokenizer) -> {
            new NativeLibraries(settings.dataDir().resolve("natives")).onnxRuntime();
            int threads = settings.embed().threads();
            OnnxModel real = OnnxModel.miniLm(Precision.FP32, settings.dataDir().resolve("models"));
            OnnxModel blind = OnnxModel.of("word-blind", Precision.FP32, blinded(real.file()));
            OnnxEmbedder embedder = new OnnxEmbedder(blind, tokenizer, threads);
            return new EmbedderChoice(embedder, Optional.of(embedder), new OnnxModels(tokenizer, threads));
        };
    }

    private static Path blinded(Path model) {
        try {
            Path copy = Files.copy(model, model.resolveSibling("word-blind.onnx"), StandardCopyOption.REPLACE_EXISTING);
            OnnxTensorBytes words = OnnxFile.read(copy).weightOf("/embeddings/word_embeddings/Gather");
            try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
                file.seek(words.offset());
                file.write(new byte[words.length()]);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
