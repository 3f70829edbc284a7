package io.palimpsest.retrain.tune.lora;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.jvm.ChildJvm;
import java.nio.file.Path;

/**
 * Trains the encoder itself: the model is an encoder with its adapter merged in, as fp32 and int8 ONNX, and the adapter. It needs
 * a new generation of the index. Same bytes from the same input on one machine, with any number of threads.
 */
public final class LoraTrainer implements Trainer {
    /** Token ids, a few arrays of 74,000 weights, vectors of the passages; the rest is PyTorch's. */
    private static final int HEAP_MIB = 640;

    private final ChildJvm child;

    /**
     * @param base to start from
     * @param natives where PyTorch's libraries are unpacked (450 MB, once): under the data directory
     */
    public LoraTrainer(EncoderFiles base, Path natives) {
        this(base, natives, LoraMain.class);
    }

    LoraTrainer(EncoderFiles base, Path natives, Class<?> main) {
        this.child = new ChildJvm("lora/1", main, HEAP_MIB, base, natives);
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
