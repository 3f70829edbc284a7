package io.palimpsest.retrain.tune.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TestModels;
import io.palimpsest.retrain.tune.TinySnapshot;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainerContract;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class CommandTrainerContractTest extends TrainerContract {
    /** A trainer in a shell, with checkpoints. The model is a 1 × 1 adapter: header of 72 (octal 110) bytes, then one number. */
    private static final String SCRIPT = """
            set -e
            fault=$(cat "${PALIMPSEST_OUTPUT%.work/model}.fault" 2>/dev/null || true)
            step=$(cat "$PALIMPSEST_CHECKPOINT/step" 2>/dev/null || echo 0)
            echo "training on $(wc -l < "$PALIMPSEST_SNAPSHOT/train.jsonl") lines"
            while [ $step -lt 6 ]; do
              step=$((step + 1))
              if [ $step = 4 ]; then
                case "$fault" in
                  CRASH) kill -SEGV $$ ;;
                  HANG) sleep 1000 & setsid sleep 1000 & sleep 1000 ;;
                  DISK_FULL) echo full > /dev/full || exit 74 ;;
                  NAN_LOSS) echo '{"phase":"train","step":4,"steps":6,"loss":"NaN"}'; sleep 1000 ;;
                esac
              fi
              echo "{\\"phase\\":\\"train\\",\\"step\\":$step,\\"steps\\":6,\\"loss\\":0.$((9 - step)),\\"remainingSeconds\\":$((6 - step))}"
              if [ $((step % 2)) = 0 ]; then echo $step > "$PALIMPSEST_CHECKPOINT/step"; fi
            done
            value='\\000\\000\\200\\077'
            if [ "$fault" = NAN_MODEL ]; then value='\\000\\000\\300\\177'; fi
            if [ "$fault" = TRUNCATED_MODEL ]; then value='\\000\\000'; fi
            {
              printf '\\110\\000\\000\\000\\000\\000\\000\\000'
              printf '%-72s' '{"down":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}'
              printf "$value"
            } > "$PALIMPSEST_OUTPUT/adapter.safetensors"
            echo '{"kind":"QUERY_ADAPTER","dimensions":1,"maxTokens":512}' > "$PALIMPSEST_OUTPUT/model.json"
            """;

    /** Names a file with another hash. */
    private static final String OWN_MANIFEST = """
            echo model > "$PALIMPSEST_OUTPUT/adapter.safetensors"
            hash=$(echo other | sha256sum | cut -c1-64)
            echo "{\"id\":\"m/fp32/00000000\",\"kind\":\"QUERY_ADAPTER\",\"dimensions\":1,\"maxTokens\":5,\"files\":{\"adapter.safetensors\":\"$hash\"},\"trainer\":\"t\"}" > "$PALIMPSEST_OUTPUT/manifest.json"
            """;

    @Override
    protected Trainer trainer() {
        return new CommandTrainer("command/shell-1", List.of("/bin/sh", "-c", SCRIPT), Map.of(), List.of());
    }

    @Test
    void programThatIsNotThereIsUnavailable() {
        CommandTrainer trainer = new CommandTrainer(
                "command/none", List.of(folder.resolve("nothing").toString()), Map.of(), List.of());
        TinySnapshot.write(folder.resolve("snapshot"));
        TrainingJob job = new TrainingJob(folder.resolve("snapshot"), folder.resolve("model"), config());
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(() -> trainer.train(job, TrainingProgress.none(), Cancellation.never()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINER_UNAVAILABLE));
    }

    @Test
    void manifestOfItsOwnMustBeOfItsFiles() {
        CommandTrainer trainer =
                new CommandTrainer("command/own", List.of("/bin/sh", "-c", OWN_MANIFEST), Map.of(), List.of());
        TinySnapshot.write(folder.resolve("snapshot"));
        TrainingJob job = new TrainingJob(folder.resolve("snapshot"), folder.resolve("model"), config());
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(() -> trainer.train(job, TrainingProgress.none(), Cancellation.never()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_BROKEN));
        assertThat(job.output()).doesNotExist();
    }

    @Override
    protected Duration silence() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected TrainingConfig config() {
        return TestModels.sixSteps(TrainingConfig.adapter("shell", 1));
    }
}
