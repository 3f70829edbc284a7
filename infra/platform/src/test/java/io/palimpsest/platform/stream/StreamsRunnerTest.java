package io.palimpsest.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class StreamsRunnerTest {

    @Test
    void whatMayPassReplacesTheThreadAndDefectsStop() {
        assertThat(StreamsRunner.mayPass(new StreamsException("wrapped", new TimeoutException("slow broker"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(new PalimpsestException(ErrorCode.STORE_FAILED, "disk busy")))
                .isTrue();
        assertThat(StreamsRunner.mayPass(new StreamsException("wrapped", new IllegalStateException("defect"))))
                .isFalse();
        assertThat(StreamsRunner.mayPass(new PalimpsestException(ErrorCode.CONFIG_INVALID, "no such setting")))
                .isFalse();
    }

    @Test
    void propertiesAreAcceptedByKafkaAndSayExactlyOnce() {
        StreamsSettings settings = new StreamsSettings(
                "localhost:9092",
                Path.of("state"),
                2,
                Duration.ofMillis(100),
                "classic",
                "",
                (short) 3,
                Map.of("client.rack", "r1", StreamsConfig.PROCESSING_GUARANTEE_CONFIG, "at_least_once"));
        Properties properties = StreamsRunner.properties("palimpsest-gate", settings);
        StreamsConfig config = new StreamsConfig(properties);

        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("exactly_once_v2");
        assertThat(config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(100);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("session.timeout.ms", 6000)
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed");
    }
}
