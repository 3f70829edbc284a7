package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Map;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.Test;

/** Brokers of this release in their states: KafkaCheckIT. */
final class KafkaFeaturesTest {
    private static final String AT = "old-kafka:9092";

    @Test
    void brokersBefore42AreRefusedAndToldToBeUpgraded() {
        assertOld(features(MetadataVersion.IBP_4_1_IV1, Map.of("share.version", (short) 1))); // there a preview
        assertOld(features(MetadataVersion.IBP_3_9_IV0, Map.of()));
        assertOld(new KafkaFeatures(Map.of(), Map.of())); // without KRaft
    }

    private static void assertOld(KafkaFeatures features) {
        assertThatThrownBy(() -> features.requireShareGroups(AT))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KAFKA_REFUSED))
                .hasMessageContainingAll("Kafka at " + AT, "older than 4.2", "upgrade it to 4.2 or newer");
    }

    @Test
    void theFirstReleaseWithShareGroupsIsUsedOnceTheyAreSwitchedOn() {
        assertThatCode(() -> features(MetadataVersion.IBP_4_2_IV0, Map.of("share.version", (short) 1))
                        .requireShareGroups(AT))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> features(MetadataVersion.IBP_4_2_IV0, Map.of()).requireShareGroups(AT))
                .hasMessageContainingAll("Kafka at " + AT, "switched off", "kafka-features.sh upgrade");
    }

    @Test
    void streamsGroupsAreThereWhereTheyAreSwitchedOn() {
        assertThat(features(MetadataVersion.IBP_4_2_IV0, Map.of("streams.version", (short) 1))
                        .streamsGroups())
                .isTrue();
        assertThat(features(MetadataVersion.IBP_4_2_IV0, Map.of()).streamsGroups())
                .isFalse();
    }

    private static KafkaFeatures features(MetadataVersion release, Map<String, Short> finalized) {
        return new KafkaFeatures(Map.of(MetadataVersion.FEATURE_NAME, release.featureLevel()), finalized);
    }
}
