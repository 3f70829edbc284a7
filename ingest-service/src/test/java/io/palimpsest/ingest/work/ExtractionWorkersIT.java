package io.palimpsest.ingest.work;

import static io.palimpsest.ingest.work.WorkBench.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the workers, each piece of work ends once, and none is lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class ExtractionWorkersIT {
    private WorkBench bench;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        bench = new WorkBench(directory);
    }

    @AfterAll
    void close() {
        if (bench != null) {
            bench.close();
        }
    }

    @Test
    void whatAKilledWorkerHeldIsTakenByAnother() throws Exception {
        List<DocumentAccepted> work = List.of(bench.publish("killed one"), bench.publish("killed two"));
        Process holding = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldingWorker.class.getName(),
                        bench.servers())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = holding.inputReader()) {
            assertThat(said.lines().anyMatch(line -> line.startsWith(HoldingWorker.HOLDS)))
                    .as("the process holds records")
                    .isTrue();
        } finally {
            holding.destroyForcibly();
        }
        assertThat(holding.waitFor(20, TimeUnit.SECONDS)).isTrue();
        try (ExtractionWorkers others = bench.workers()) {
            for (DocumentAccepted one : work) {
                assertThat(bench.fact(one).outcome()).isEqualTo(Outcome.EXTRACTED);
            }
        }
    }

    /** Law 13: a record may be delivered long after its document was erased, and a parse may end then. */
    @Test
    void workThatAnErasureHasOvertakenLeavesNothing() throws Exception {
        DocumentAccepted late = bench.publish("delivered too late");
        bench.erase(late.key());
        bench.extractor.hold("parsed for too long");
        DocumentAccepted held = bench.publish("parsed for too long");
        try (ExtractionWorkers workers = bench.workers()) {
            until(() -> bench.extractor.begun("parsed for too long") == 1);
            bench.erase(held.key());
            bench.extractor.letGo("parsed for too long");
            assertThat(bench.fact(bench.publish("of another document")).outcome())
                    .isEqualTo(Outcome.EXTRACTED);
        }
        for (DocumentAccepted work : List.of(late, held)) {
            assertThat(bench.rowsOf(work.key())).isZero();
            assertThat(bench.facts(work)).isEmpty();
        }
    }

    @Test
    void whatAStuckWorkerHoldsIsTakenByAnotherWhenTheLockEnds() throws Exception {
        DocumentAccepted work = bench.publish("stuck");
        try (KafkaShareConsumer<byte[], byte[]> stuck = shareConsumer()) {
            take(stuck);
            long taken = System.nanoTime();
            try (ExtractionWorkers others = bench.workers()) {
                assertThat(bench.fact(work).outcome()).isEqualTo(Outcome.EXTRACTED);
                assertThat(Duration.ofNanos(System.nanoTime() - taken)).isGreaterThan(WorkBench.LOCK.minusSeconds(1));
            }
        }
    }

    @Test
    void aParseLongerThanTheLockIsDoneOnceByOneWorker() throws Exception {
        bench.extractor.hold("long parse");
        DocumentAccepted work = bench.publish("long parse");
        try (ExtractionWorkers workers = bench.workers()) {
            until(() -> bench.extractor.begun("long parse") == 1);
            long begun = System.nanoTime();
            // Others are served meanwhile, which shows that a worker was free to take the long one again.
            for (int i = 0;
                    System.nanoTime() - begun < WorkBench.LOCK.plusSeconds(7).toNanos();
                    i++) {
                assertThat(bench.fact(bench.publish("beside the long parse " + i))
                                .outcome())
                        .isEqualTo(Outcome.EXTRACTED);
                Thread.sleep(1_000);
            }
            assertThat(bench.extractor.begun("long parse")).isEqualTo(1);
            assertThat(bench.facts(work)).isEmpty();
            bench.extractor.letGo("long parse");
            assertThat(bench.fact(work).deliveries()).isEqualTo(1);
        }
        assertThat(bench.extractor.begun("long parse")).isEqualTo(1);
        assertThat(bench.facts(work)).hasSize(1);
    }

    @Test
    void stoppingAtTheLastDeliveryThatTheBrokerAllowsLosesNothing() throws Exception {
        DocumentAccepted work = bench.publish("handed on");
        try (KafkaShareConsumer<byte[], byte[]> busy = shareConsumer()) {
            for (int delivery = 1; delivery <= 9; delivery++) {
                ConsumerRecord<byte[], byte[]> record = take(busy);
                assertThat(record.deliveryCount()).hasValue((short) delivery);
                busy.acknowledge(record, AcknowledgeType.RELEASE);
                busy.commitSync();
            }
        }
        bench.extractor.hold("handed on");
        try (ExtractionWorkers stopped = bench.workers()) {
            until(() -> bench.extractor.begun("handed on") == 1);
        }
        bench.extractor.letGo("handed on");
        try (ExtractionWorkers next = bench.workers()) {
            assertThat(bench.fact(work).outcome()).isEqualTo(Outcome.EXTRACTED);
        }
    }

    @Test
    void beingStoppedOftenIsNotTheDocumentsFault() throws Exception {
        bench.extractor.hold("stopped often");
        DocumentAccepted work = bench.publish("stopped often");
        for (int i = 1; i <= 12; i++) {
            int times = i;
            try (ExtractionWorkers stopped = bench.workers()) {
                until(() -> bench.extractor.begun("stopped often") == times);
            }
        }
        assertThat(bench.facts(work)).isEmpty();
        bench.extractor.letGo("stopped often");
        try (ExtractionWorkers last = bench.workers()) {
            assertThat(bench.fact(work).outcome()).isEqualTo(Outcome.EXTRACTED);
        }
    }

    @Test
    void workThatNeverEndsButKillsIsQuarantined() throws Exception {
        long others = bench.quarantine.size();
        DocumentAccepted work = bench.publish("killer");
        bench.retries.count(Lane.SMALL, work, 10, null);
        try (ExtractionWorkers workers = bench.workers()) {
            DocumentExtracted fact = bench.fact(work);
            assertThat(fact.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(fact.errorCode()).isEqualTo(ErrorCode.EXTRACT_DELIVERIES_EXHAUSTED);
        }
        assertThat(bench.extractor.begun("killer")).isZero();
        assertThat(bench.quarantine.size()).isEqualTo(others + 1);
        assertThat(bench.retries.attempts(work)).isZero();
    }

    @Test
    void workThatBreaksTheExtractorEachTimeIsQuarantinedAndTheNextGoesOn() throws Exception {
        bench.extractor.breakAt("breaks it");
        DocumentAccepted work = bench.publish("breaks it");
        try (ExtractionWorkers workers = bench.workers()) {
            DocumentExtracted fact = bench.fact(work);
            assertThat(fact.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(fact.errorCode()).isEqualTo(ErrorCode.EXTRACT_DELIVERIES_EXHAUSTED);
            assertThat(fact.message()).contains("LinkageError");
            assertThat(bench.fact(bench.publish("after the break")).outcome()).isEqualTo(Outcome.EXTRACTED);
        }
        assertThat(bench.extractor.begun("breaks it")).isEqualTo(fact(work).deliveries());
        assertThat(bench.retries.attempts(work)).isZero();
    }

    @Test
    void aStoreThatIsAwayForLongIsNotTheDocumentsFault() throws Exception {
        bench.extractor.storeFails("waits for the store", 12);
        DocumentAccepted work = bench.publish("waits for the store");
        try (ExtractionWorkers workers = bench.workers()) {
            assertThat(bench.fact(work).outcome()).isEqualTo(Outcome.EXTRACTED);
        }
        assertThat(bench.extractor.begun("waits for the store")).isEqualTo(13);
    }

    private DocumentExtracted fact(DocumentAccepted work) {
        return bench.facts(work).getFirst();
    }

    private KafkaShareConsumer<byte[], byte[]> shareConsumer() {
        KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                bench.kafka.shareConsumer("test-share", Lane.SMALL.group()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(Lane.SMALL.topic().name()));
        return consumer;
    }

    private static ConsumerRecord<byte[], byte[]> take(KafkaShareConsumer<byte[], byte[]> consumer) throws Exception {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
        for (int i = 0; records.isEmpty() && i < 60; i++) {
            records = consumer.poll(Duration.ofMillis(500));
        }
        assertThat(records.count()).isEqualTo(1);
        return records.iterator().next();
    }
}
