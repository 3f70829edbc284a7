package io.palimpsest.retrain.tune.offer;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.Settings;
import io.palimpsest.retrain.tune.TestModels;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingConfig;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrainersTest {
    private static Trainers trainers(Map<String, String> settings, HttpClient client) {
        return new Trainers(Settings.load(settings).tune(), Path.of("target", "trainers"), client);
    }

    @Test
    void defaultsOfferWhatWorksOffline() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Trainers trainers = trainers(Map.of(), client);
            assertThat(trainers.lora(TestModels.miniLm()).name()).isEqualTo("lora/1");
            assertThat(trainers.adapter(TestModels.miniLm()).name()).isEqualTo("query-adapter/1");
            assertThat(trainers.command(TestModels.miniLm())).isEmpty();
            assertThat(trainers.endpoint()).isEmpty();
            assertThat(trainers.loraConfig("m", 3)).isEqualTo(TrainingConfig.lora("m", 3));
        }
    }

    @Test
    void commandEndpointAndLimitsAreConfigured() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Trainers trainers = trainers(
                    Map.of(
                            "tune.command", "/opt/train.sh",
                            "tune.endpoint", "http://127.0.0.1:9/v1",
                            "tune.endpoint.model", "small",
                            "tune.time.limit", "PT10M",
                            "tune.rank", "4"),
                    client);
            assertThat(trainers.command(TestModels.miniLm())).map(Trainer::name).contains("command/train.sh");
            assertThat(trainers.endpoint()).isPresent();
            assertThat(trainers.loraConfig("m", 3).alpha()).isEqualTo(8);
            assertThat(trainers.adapterConfig("m", 3).limits().time()).isEqualTo(Duration.ofMinutes(10));
        }
    }
}
