package io.palimpsest.retrain.tune.offer;

import io.palimpsest.platform.config.TuneSettings;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.adapter.AdapterTrainer;
import io.palimpsest.retrain.tune.command.CommandTrainer;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.lora.LoraTrainer;
import io.palimpsest.retrain.tune.openai.FineTuningEndpoint;
import io.palimpsest.retrain.tune.openai.OpenAiTrainer;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The trainers of a configuration, and how they are to train. Threading: safe. */
public final class Trainers {
    private final TuneSettings settings;
    private final Path folder;
    private final HttpClient client;

    /**
     * @param dataDir natives and the base model are unpacked under it
     * @param client for the fine-tuning endpoint; stays the caller's
     */
    public Trainers(TuneSettings settings, Path dataDir, HttpClient client) {
        this.settings = settings;
        this.folder = dataDir.resolve("tune");
        this.client = client;
    }

    /** MiniLM, as it is on the class path. */
    public EncoderFiles miniLm() {
        return EncoderFiles.miniLm(folder.resolve("base"));
    }

    public Trainer lora(EncoderFiles base) {
        return new LoraTrainer(base, folder.resolve("natives"));
    }

    public Trainer adapter(EncoderFiles base) {
        return new AdapterTrainer(base, folder.resolve("natives"));
    }

    /** The operator's program. */
    public Optional<Trainer> command(EncoderFiles base) {
        return settings.command()
                .map(program -> new CommandTrainer(
                        "command/" + program.getFileName(), List.of(program.toString()), Map.of(), List.of(base.id())));
    }

    /** For generators. */
    public Optional<Trainer> endpoint() {
        return settings.endpoint()
                .map(address -> new OpenAiTrainer(
                        FineTuningEndpoint.of(address, settings.endpointKey(), settings.endpointModel()), client));
    }

    /** @param name of the model, the first part of its id */
    public TrainingConfig loraConfig(String name, long seed) {
        TrainingConfig standard = TrainingConfig.lora(name, seed);
        return new TrainingConfig(
                name,
                seed,
                settings.rank(),
                2.0 * settings.rank(),
                settings.learningRate(),
                settings.epochs(),
                0,
                settings.batch(),
                settings.maxTokens(),
                standard.evaluateEvery(),
                standard.patience(),
                limits());
    }

    /** @param name of the model, the first part of its id */
    public TrainingConfig adapterConfig(String name, long seed) {
        return TrainingConfig.adapter(name, seed).withLimits(limits());
    }

    private TrainingLimits limits() {
        return new TrainingLimits(
                settings.timeLimit(),
                settings.silenceLimit(),
                settings.memoryMib(),
                settings.threads(),
                settings.checkpointSteps());
    }
}
