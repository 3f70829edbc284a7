package io.palimpsest.platform.kafka;

import io.palimpsest.platform.config.KafkaSettings;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** The settings of a share group, which the brokers keep. */
public final class ShareGroup {
    private static final List<GroupSetting> SETTINGS = List.of(
            GroupSetting.exactly("share.auto.offset.reset", "earliest"),
            GroupSetting.exactly("share.isolation.level", "read_committed"));

    private ShareGroup() {}

    /**
     * Makes it start at the first record and read only what was committed; returns when it is so.
     *
     * @throws io.palimpsest.contracts.error.PalimpsestException KAFKA_REFUSED, BROKER_UNAVAILABLE
     */
    public static void ensure(KafkaSettings settings, Admin admin, String groupId) {
        TopicFailure failure = new TopicFailure(settings);
        failure.asked(() -> GroupSetting.ensure(admin, groupId, SETTINGS));
        failure.shown(() -> GroupSetting.hold(admin, groupId, SETTINGS));
    }
}
