package io.palimpsest.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
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
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed broker had promised to commit is committed by its next life, whatever port that listens on. */
final class KilledBrokerIT {
    private static final int KILLS = 3;
    private static final Set<TransactionState> PREPARED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    @TempDir
    Path directory;

    @Test
    void preparedTransactionsAreCompletedOnAnotherPort() throws Exception {
        Random random = new Random(42);
        for (int kill = 0; kill < KILLS; kill++) {
            int port = loadUntilKilled(random.nextInt(200, 600));
            try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
                    EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(kafka.bootstrapServers()).doesNotEndWith(":" + held.getLocalPort());
                awaitNonePrepared(admin);
            }
        }
    }

    @Test
    void theSamePortIsTakenAgainAfterAKill() throws Exception {
        int port = loadUntilKilled(200);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(kafka.bootstrapServers()).endsWith(":" + port);
            awaitNonePrepared(admin);
        }
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
}
