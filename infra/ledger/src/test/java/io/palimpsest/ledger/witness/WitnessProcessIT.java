package io.palimpsest.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.OtherSize;
import io.palimpsest.ledger.witness.WitnessOutcome.Refused;
import io.palimpsest.verifier.note.NoteKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The witness as its own process, and what it has not forgotten when it was killed. */
@Timeout(240)
final class WitnessProcessIT {
    private static final GrowingLog LOG = GrowingLog.of(GrowingLog.ORIGIN);
    private static final int LIVES = 6;

    @TempDir
    Path folder = Path.of("");

    private record Running(Process process, NoteKey key, URI prefix) implements AutoCloseable {
        WitnessClient client(HttpClient http) {
            return new WitnessClient(new WitnessEndpoint(key, prefix), http, Duration.ofSeconds(10), Clock.systemUTC());
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Process launch(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                WitnessMain.class.getName(),
                "--origin-key",
                LOG.signer().key().text(),
                "--key",
                folder.resolve("key").toString(),
                "--state",
                folder.resolve("state").toString(),
                "--port",
                "0"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
    }

    private Running start() throws IOException {
        Process process = launch();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String key = out.readLine();
        String address = out.readLine();
        assertThat(address).as(Files.readString(folder.resolve("stderr"))).startsWith("listening on ");
        return new Running(
                process,
                NoteKey.parse(key.substring("witness ".length())),
                URI.create(address.substring("listening on ".length())));
    }

    private String refusal(String... more) throws Exception {
        Process process = launch(more);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return Files.readString(folder.resolve("stderr"));
    }

    @Test
    void aKilledWitnessNeverCosignsAFork() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long cosigned = 0;
        for (int life = 0; life < LIVES; life++) {
            try (Running witness = start();
                    HttpClient http = WitnessClient.http(Duration.ofSeconds(5))) {
                WitnessClient client = witness.client(http);
                long last = lastSize(client);
                assertThat(last).as("seed %s, life %s", seed, life).isGreaterThanOrEqualTo(cosigned);
                if (last > 0) {
                    refusesForksOf(client, last);
                }
                cosigned = Math.max(last, askUntilKilled(witness, client, last, random));
                http.shutdownNow();
            }
        }
        assertThat(cosigned).isGreaterThan(LIVES);
    }

    /** Three callers that race with the log and with forks of it; the process dies among them. */
    private static long askUntilKilled(Running witness, WitnessClient client, long last, Random random)
            throws Exception {
        ConcurrentLinkedQueue<Long> sizes = new ConcurrentLinkedQueue<>(List.of(last));
        long seed = random.nextLong();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 3; caller++) {
                Random own = new Random(seed + caller);
                all.add(callers.submit(() -> ask(client, last, own, sizes)));
            }
            Thread.sleep(300 + random.nextInt(700));
            witness.kill();
            for (Future<?> each : all) {
                each.get();
            }
        }
        return sizes.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private static Void ask(WitnessClient client, long last, Random random, ConcurrentLinkedQueue<Long> sizes)
            throws InterruptedException {
        long known = last;
        while (true) {
            long next = known + random.nextInt(4);
            switch (client.ask(LOG.request(known, next))) {
                case Cosigned cosigned -> {
                    sizes.add(next);
                    known = next;
                }
                case OtherSize other -> known = other.size();
                case Refused refused -> throw new AssertionError(refused);
                case WitnessOutcome died -> {
                    return null;
                }
            }
            if (known > 1 && client.ask(LOG.rewritten(known - 1).request(known, known + 1)) instanceof Cosigned) {
                throw new AssertionError("a fork of size " + known + " was cosigned");
            }
        }
    }

    private static long lastSize(WitnessClient client) throws InterruptedException {
        return client.ask(LOG.request(1_000_000, 1_000_000)) instanceof OtherSize other ? other.size() : -1;
    }

    private static void refusesForksOf(WitnessClient client, long last) throws InterruptedException {
        GrowingLog fork = LOG.rewritten(last - 1);
        assertThat(client.ask(fork.request(last, last + 5)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(422));
        assertThat(client.ask(fork.request(last, last)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(409));
        assertThat(client.ask(fork.request(0, last + 5))).isEqualTo(new OtherSize(last));
        assertThat(client.ask(LOG.request(last, last))).isInstanceOf(Cosigned.class);
    }

    @Test
    void theKeyIsMadeOnceAndForItsOwnerOnly() throws Exception {
        NoteKey first;
        try (Running witness = start()) {
            first = witness.key();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                    .isEqualTo("rw-------");
            assertThat(refusal()).contains("another witness runs on");
            witness.kill();
        }
        try (Running witness = start()) {
            assertThat(witness.key()).isEqualTo(first);
            witness.kill();
        }
    }

    @Test
    void aWitnessThatLostItsMemoryDoesNotStart() throws Exception {
        try (Running witness = start()) {
            witness.kill();
        }
        Path state = folder.resolve("state/state");
        assertThat(refusal("--new-state")).contains("there is a state already");
        Files.writeString(state, Files.readString(state).replace("witness/1", "witness/2"));
        assertThat(refusal()).contains("is damaged").doesNotContain("Exception");
        Files.delete(state);
        assertThat(refusal()).contains("is lost").doesNotContain("Exception");
        assertThat(refusal("--origin-key", "nonsense")).contains("verifier key");
    }
}
