package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.jvm.ChildJvm;
import java.nio.file.Path;

/**
 * Trains {@link LowRankAdapter}: the model changes vectors of queries only, so the generation of its base serves on. Plain Java in
 * a process of its own.
 */
public final class AdapterTrainer implements Trainer {
    /** Vectors of 50,000 passages with 384 dimensions take 75 MiB. */
    private static final int HEAP_MIB = 640;

    private final ChildJvm child;

    /**
     * @param base whose vectors are adapted; used where the snapshot lacks vectors
     * @param natives where the tokenizer's library is unpacked: under the data directory
     */
    public AdapterTrainer(EncoderFiles base, Path natives) {
        this(base, natives, AdapterMain.class);
    }

    AdapterTrainer(EncoderFiles base, Path natives, Class<?> main) {
        this.child = new ChildJvm("query-adapter/1", main, HEAP_MIB, base, natives);
    }

    @Override
    public String name() {
        return child.trainer();
    }

    @Override
    public ModelManifest train(TrainingJob job, TrainingProgress progress, Cancellation cancellation) {
        return child.train(job, progress, cancellation);
    }
}
