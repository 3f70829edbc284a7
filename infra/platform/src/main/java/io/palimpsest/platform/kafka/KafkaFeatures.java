package io.palimpsest.platform.kafka;

import static io.palimpsest.platform.kafka.KafkaFailure.refused;

import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.FeatureMetadata;

/**
 * What brokers can do, by the names of Kafka's features.
 *
 * @param supported highest level that the software of the brokers knows
 * @param finalized level that the cluster is set to; those that are off are not there
 */
record KafkaFeatures(Map<String, Short> supported, Map<String, Short> finalized) {
    private static final String RELEASE = "metadata.version";
    /** {@code metadata.version} of 4.2, the first release whose share groups are not a preview. */
    private static final short SHARE_GROUPS_RELEASE = 28;

    static KafkaFeatures of(FeatureMetadata described) {
        return new KafkaFeatures(
                described.supportedFeatures().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, range -> range.getValue().maxVersion())),
                described.finalizedFeatures().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, range -> range.getValue().maxVersionLevel())));
    }

    /** @throws PalimpsestException KAFKA_REFUSED where they are too old, or have them switched off */
    void requireShareGroups(String address) {
        if (level(supported, RELEASE) < SHARE_GROUPS_RELEASE) {
            throw refused(
                    "Kafka at " + address + " is older than 4.2 and has no share groups: upgrade it to 4.2 or newer",
                    null);
        }
        if (level(finalized, "share.version") < 1) {
            throw refused(
                    "Kafka at " + address
                            + " has share groups switched off (share.version is 0): finish its upgrade to 4.2"
                            + " or newer with kafka-features.sh upgrade --feature share.version=1",
                    null);
        }
    }

    boolean streamsGroups() {
        return level(finalized, "streams.version") > 0;
    }

    private static short level(Map<String, Short> levels, String name) {
        return levels.getOrDefault(name, (short) 0);
    }
}
