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
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
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
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, groupId);
        try (Admin admin = Admin.create(properties)) {
            Config now = admin.describeConfigs(List.of(group))
                    .all()
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .get(group);
            if (isAtMost(now, HEARTBEAT, heartbeatMillis) && isAtMost(now, SESSION, sessionMillis)) {
                return; // so that a user who may not alter it can work all the same
            }
            admin.incrementalAlterConfigs(
                            Map.of(group, List.of(set(HEARTBEAT, heartbeatMillis), set(SESSION, sessionMillis))))
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

    private static boolean isAtMost(@Nullable Config config, String key, int millis) {
        ConfigEntry entry = config == null ? null : config.get(key);
        return entry != null && entry.value() != null && Integer.parseInt(entry.value()) <= millis;
    }

    private static AlterConfigOp set(String key, int value) {
        return new AlterConfigOp(new ConfigEntry(key, Integer.toString(value)), AlterConfigOp.OpType.SET);
    }
}
