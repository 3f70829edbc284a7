package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the lag of groups as a metric, for people and for autoscaling. Every process of a service tells the same figure:
 * take the maximum, not the sum.
 *
 * <p>Threading: one thread of its own, from {@link #start} to {@link #close}. Failure: the metric is NaN until Kafka answers
 * again; nothing else depends on it.
 */
public final class ConsumerLag implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLag.class);

    private final LastingAdmin admin;
    private final List<FollowedGroup> groups;
    private final Map<Place, Double> lags = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("kafka-lag").daemon().unstarted(task));
    private boolean failing;

    /** Of whom, and of what. */
    record Place(String group, String topic) {}

    private ConsumerLag(LastingAdmin admin, List<FollowedGroup> groups, Telemetry telemetry) {
        this.admin = admin;
        this.groups = groups;
        for (FollowedGroup group : groups) {
            for (Topic<?, ?> topic : group.topics()) {
                Place place = new Place(group.name(), topic.name());
                telemetry.gauge(
                        Metric.KAFKA_LAG, () -> lags.getOrDefault(place, Double.NaN), group.name(), topic.name());
            }
        }
    }

    /** At the interval of the settings; where that is zero, nothing is told. */
    public static ConsumerLag start(KafkaClients clients, List<FollowedGroup> groups, Telemetry telemetry) {
        Duration interval = clients.settings().lagInterval();
        ConsumerLag lag = new ConsumerLag(
                new LastingAdmin(() -> Admin.create(clients.common("lag"))),
                interval.isZero() ? List.of() : groups,
                telemetry);
        if (!interval.isZero()) {
            Future<?> unused =
                    lag.clock.scheduleWithFixedDelay(lag::tell, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        }
        return lag;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        admin.close();
    }

    private void tell() {
        try {
            lags.putAll(new LagReading(admin.client(), groups).read());
            failing = false;
        } catch (ExecutionException | RuntimeException e) {
            admin.failed();
            lags.clear();
            if (!failing) {
                LOG.atWarn().setCause(e).log("the lag of the groups is unknown until Kafka answers");
            }
            failing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
