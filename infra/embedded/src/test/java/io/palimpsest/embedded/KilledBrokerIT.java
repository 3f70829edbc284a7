package io.palimpsest.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed broker had promised to commit is committed by its next life, whatever port that listens on. */
final class KilledBrokerIT {
    private static final int KILLS = 6;
    private static final Set<TransactionState> PREPARED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    @TempDir
    Path directory;

    /**
     * KAFKA-20734: a marker that is due while its partition has no leader counts as written, and its readers wait for
     * ever. On another port, markers would go to the killed broker's.
     */
    @Test
    void everyTransactionHasItsMarkerInTheLog() throws Exception {
        Random random = new Random(43);
        for (int kill = 0; kill < KILLS; kill++) {
            int port = loadUntilKilled(random.nextInt(100, 400));
            boolean otherPort = kill % 2 == 0;
            try (ServerSocket taken = new ServerSocket();
                    EmbeddedKafka kafka = EmbeddedKafka.start(directory, otherPort ? take(taken, port) : port);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                awaitNonePrepared(admin);
                TransactionLoad.fenceAll(kafka.bootstrapServers());
                awaitNoneOpen(admin);
            }
        }
    }

    /** @return "any port" */
    private static int take(ServerSocket socket, int port) throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return 0;
    }

    /** @return the port of the broker that was killed */
    private int loadUntilKilled(long afterMillis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TransactionLoad.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.startsWith(TransactionLoad.COMMITTING)) {
                line = output.readLine();
            }
            assertThat(line).as("the load did not start").isNotNull();
            TimeUnit.MILLISECONDS.sleep(afterMillis);
            return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The coordinators load in the background: until all are there, a listing shows too few. */
    private static void awaitNonePrepared(Admin admin) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        Collection<TransactionListing> listed;
        do {
            listed = admin.listTransactions().all().get();
            if (listed.size() == TransactionLoad.PRODUCERS
                    && listed.stream().noneMatch(listing -> PREPARED.contains(listing.state()))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        } while (System.nanoTime() < deadline);
        assertThat(listed).as("transactions that nobody completes").isEmpty();
    }

    /** The last stable offset is the end of the log. */
    private static void awaitNoneOpen(Admin admin) throws Exception {
        TopicPartition partition = new TopicPartition(TransactionLoad.TOPIC, 0);
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        long stable;
        long end;
        do {
            end = end(admin, partition, IsolationLevel.READ_UNCOMMITTED);
            stable = end(admin, partition, IsolationLevel.READ_COMMITTED);
            if (stable == end) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        } while (System.nanoTime() < deadline);
        assertThat(stable).as("what readers of committed records see").isEqualTo(end);
    }

    private static long end(Admin admin, TopicPartition partition, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
