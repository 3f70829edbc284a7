package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.KnownVectors;
import io.palimpsest.retrain.tune.TrainingSet;
import io.palimpsest.retrain.tune.encoder.OnnxEncoder;
import io.palimpsest.retrain.tune.jvm.TrainingTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vectors of a slice: those the snapshot has, and the base model's for the rest. Opens the model only if needed. */
final class SetEmbedder implements AutoCloseable {
    private final TrainingTask task;
    private final KnownVectors known;
    private final Runnable working;
    private @Nullable EmbedderTokenizer tokenizer;
    private @Nullable OnnxEncoder encoder;

    /** @param working called for each text that is embedded */
    SetEmbedder(TrainingTask task, KnownVectors known, Runnable working) {
        this.task = task;
        this.known = known;
        this.working = working;
    }

    EmbeddedSet embed(TrainingSet set) {
        List<float[]> queries = new ArrayList<>();
        for (TrainingSet.Query query : set.queries()) {
            float[] vector = known.ofQuery(query.id());
            queries.add(vector == null ? embed(query.text()) : vector);
        }
        List<float[]> passages = new ArrayList<>();
        for (int p = 0; p < set.passages().size(); p++) {
            float[] vector = known.ofPassage(set.passageIds().get(p));
            passages.add(vector == null ? embed(set.passages().get(p)) : vector);
        }
        requireOneLength(queries, passages);
        return new EmbeddedSet(set, queries, passages);
    }

    private float[] embed(String text) {
        if (tokenizer == null) {
            tokenizer = EmbedderTokenizer.miniLm(task.natives());
        }
        if (encoder == null) {
            encoder = new OnnxEncoder(task.base().fp32(), task.limits().threads());
        }
        working.run();
        return encoder.embed(tokenizer.encode(text, task.config().maxTokens()).ids());
    }

    private static void requireOneLength(List<float[]> queries, List<float[]> passages) {
        long lengths = java.util.stream.Stream.concat(queries.stream(), passages.stream())
                .mapToInt(vector -> vector.length)
                .distinct()
                .count();
        if (lengths > 1) {
            throw new PalimpsestException(
                    ErrorCode.SNAPSHOT_UNUSABLE,
                    "the snapshot's vectors have " + lengths + " lengths; they must be of one model");
        }
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
        }
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
