package io.palimpsest.platform.stream;

import io.palimpsest.platform.kafka.GroupSetting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a streams group is told at the brokers, for its members have no say in it. */
final class StreamsGroup {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsGroup.class);
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String HEARTBEAT = "streams.heartbeat.interval.ms";
    private static final String SESSION = "streams.session.timeout.ms";

    private StreamsGroup() {}

    /**
     * How soon a killed instance is noticed. Where the brokers do it sooner, or do not permit it, their own times hold.
     *
     * @param heartbeatMillis at most; a new member has its tasks after two or three
     */
    static void prepare(String groupId, StreamsSettings settings, int sessionMillis, int heartbeatMillis) {
        Map<String, Object> properties = new HashMap<>(settings.clientProperties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            GroupSetting.ensure(
                    admin,
                    groupId,
                    List.of(
                            GroupSetting.atMost(HEARTBEAT, heartbeatMillis),
                            GroupSetting.atMost(SESSION, sessionMillis)));
        } catch (ExecutionException | KafkaException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("a killed instance of {} is noticed only after the time that the brokers have set", groupId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
