package io.palimpsest.platform.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a streams group is told at the brokers, for its members have no say in it. */
final class StreamsGroup {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsGroup.class);
    private static final int PATIENCE_MILLIS = 10_000;

    private StreamsGroup() {}

    /** How soon a killed instance is noticed. Where the brokers do not permit it, their own times hold. */
    static void prepare(String groupId, StreamsSettings settings, int sessionMillis, int heartbeatMillis) {
        Map<String, Object> properties = new HashMap<>(settings.clientProperties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, groupId);
        try (Admin admin = Admin.create(properties)) {
            admin.incrementalAlterConfigs(Map.of(
                            group,
                            List.of(
                                    set("streams.heartbeat.interval.ms", heartbeatMillis),
                                    set("streams.session.timeout.ms", sessionMillis))))
                    .all()
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("a killed instance of {} is noticed only after the time that the brokers have set", groupId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static AlterConfigOp set(String key, int value) {
        return new AlterConfigOp(new ConfigEntry(key, Integer.toString(value)), AlterConfigOp.OpType.SET);
    }
}
