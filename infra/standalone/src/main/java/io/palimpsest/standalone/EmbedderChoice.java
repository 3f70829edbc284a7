package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.HttpEmbedder;
import io.palimpsest.index.embed.HttpEmbedderSettings;
import io.palimpsest.index.embed.ModelOpener;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.OnnxModels;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.index.embed.TokenEmbedder;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.config.EmbedSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.util.Optional;

/**
 * The embedder that the settings name.
 *
 * @param tokenEmbedder the same model's token vectors; empty where it is remote
 * @param opener of other models
 */
record EmbedderChoice(Embedder embedder, Optional<TokenEmbedder> tokenEmbedder, ModelOpener opener) {

    /** Makes the choice. */
    @FunctionalInterface
    interface Factory {
        EmbedderChoice make(Settings settings, EmbedderTokenizer tokenizer);
    }

    static EmbedderChoice of(Settings settings, EmbedderTokenizer tokenizer) {
        EmbedSettings embed = settings.embed();
        ModelOpener opener = new OnnxModels(tokenizer, embed.threads());
        if (embed.endpoint().isPresent()) {
            requireRoom(embed.endpointMaxTokens());
            return new EmbedderChoice(
                    new HttpEmbedder(HttpEmbedderSettings.of(
                            embed.endpoint().get(),
                            embed.endpointModel(),
                            embed.endpointDimensions(),
                            embed.endpointMaxTokens(),
                            embed.endpointKey().isPresent()
                                    ? embed.endpointKey().value()
                                    : null)),
                    Optional.empty(),
                    opener);
        }
        Precision precision = switch (embed.precision()) {
            case FP32 -> Precision.FP32;
            case INT8 -> Precision.INT8;
        };
        new NativeLibraries(settings.dataDir().resolve("natives")).onnxRuntime();
        OnnxEmbedder onnx = new OnnxEmbedder(
                OnnxModel.miniLm(precision, settings.dataDir().resolve("models")), tokenizer, embed.threads());
        return new EmbedderChoice(onnx, Optional.of(onnx), opener);
    }

    /** Passages are cut before it is known who embeds them. */
    private static void requireRoom(int endpointMaxTokens) {
        int needed = PassagePolicy.standard().embeddedLimit();
        if (endpointMaxTokens < needed) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "embed.endpoint.max.tokens is " + endpointMaxTokens + ", and passages have up to " + needed
                            + " tokens: their ends would not be found. Use a model that takes them whole");
        }
    }
}
