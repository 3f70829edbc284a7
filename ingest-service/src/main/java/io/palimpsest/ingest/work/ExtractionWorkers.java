package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.config.ExtractSettings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.GroupSetting;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.ShareGroup;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extraction workers of both lanes.
 *
 * <p>Threading: start and close once. Ordering and idempotency: work is at least once, facts are the same each time; kill
 * at any point is harmless. Failure: broker, store and database are waited for; a document's own failure ends in a fact
 * and a quarantine entry.
 */
public final class ExtractionWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExtractionWorkers.class);
    private static final Duration SWEEP = Duration.ofMillis(250);
    /** The broker's own upper bound: our count decides before. */
    private static final List<GroupSetting> DELIVERY_LIMIT =
            List.of(GroupSetting.atLeast("share.delivery.count.limit", 10));

    private final KafkaClients kafka;
    private final RetryBook retries;
    private final FactSender sender;
    private final List<ExtractionWorker> workers = new ArrayList<>();
    private final Thread sweeper =
            Thread.ofPlatform().name("extract-retries").daemon().unstarted(this::sweepUntilClosed);
    private volatile boolean closing;

    /**
     * What does the work.
     *
     * @param tokens length of a text in the embedder's tokens, see {@link PassageCutter}
     */
    public record Engines(
            Fetching fetcher, Extracting extractor, PassagePolicy passages, ToIntFunction<String> tokens) {}

    /** Where it is kept. */
    public record Stores(ContentStore contents, Sql sql, Quarantine quarantine, LateRecords late, Path workDirectory) {}

    /** @param sender stays the caller's */
    public ExtractionWorkers(
            KafkaClients kafka,
            ExtractSettings settings,
            Engines engines,
            Stores stores,
            FactSender sender,
            Telemetry telemetry,
            Clock clock) {
        this.kafka = kafka;
        this.sender = sender;
        this.retries = new RetryBook(stores.sql(), clock);
        Extraction extraction = new Extraction(engines, stores, settings.largeBytes(), clock);
        WorkStep step = new WorkStep(
                extraction, retries, stores.quarantine(), stores.late(), sender, telemetry, settings.maxDeliveries());
        addWorkers(Lane.SMALL, settings.workers(), step);
        addWorkers(Lane.LARGE, 1, step);
    }

    public void start() {
        try (Admin admin = Admin.create(kafka.common("extract-setup"))) {
            for (Lane lane : Lane.values()) {
                ShareGroup.ensure(kafka.settings(), admin, lane.group());
                raiseDeliveryLimit(admin, lane);
            }
        }
        workers.forEach(ExtractionWorker::start);
        sweeper.start();
    }

    public boolean healthy() {
        return workers.stream().allMatch(ExtractionWorker::healthy);
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(sweeper);
        List<Thread> ends = workers.stream()
                .map(worker -> Thread.ofVirtual().start(worker::close))
                .toList();
        for (Thread thread : ends) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void addWorkers(Lane lane, int count, WorkStep step) {
        for (int number = 1; number <= count; number++) {
            String clientId = lane.group() + "-" + number;
            workers.add(new ExtractionWorker(lane, number, step, () -> consumer(lane, clientId)));
        }
    }

    private ShareConsumer<byte[], byte[]> consumer(Lane lane, String clientId) {
        Map<String, Object> properties = new HashMap<>(kafka.shareConsumer(clientId, lane.group()));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, lane.batch());
        // Otherwise one worker acquires a whole producer batch, and the others have nothing to do.
        properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 250);
        return new KafkaShareConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void sweepUntilClosed() {
        while (!closing) {
            sweep();
            LockSupport.parkNanos(SWEEP.toNanos());
        }
    }

    /** Puts work whose time has come back on its topic. */
    private void sweep() {
        try {
            for (RetryBook.Due due : retries.due()) {
                sender.send(due.lane().topic().name(), due.work(), due.traceparent());
                retries.sent(due);
            }
        } catch (PalimpsestException e) {
            LOG.atWarn().addKeyValue("errorCode", e.code().id()).log("retries wait: broker or database do not answer");
        }
    }

    private static void raiseDeliveryLimit(Admin admin, Lane lane) {
        try {
            GroupSetting.ensure(admin, lane.group(), DELIVERY_LIMIT);
        } catch (ExecutionException e) {
            LOG.atWarn()
                    .setCause(e.getCause())
                    .log("the delivery limit of {} stays the broker's default", lane.group());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
