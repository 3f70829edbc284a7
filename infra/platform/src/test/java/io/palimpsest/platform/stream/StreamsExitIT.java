package io.palimpsest.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose streams do not start ends all the same. */
final class StreamsExitIT {
    @TempDir
    Path directory;

    @Test
    void aProcessWithoutABrokerEnds() throws Exception {
        endsAfter("127.0.0.1:9", "start");
    }

    @Test
    void aProcessThatNeverStartsItsStreamsEnds() throws Exception {
        endsAfter("127.0.0.1:9", "never");
    }

    @Test
    void aProcessWhoseStateIsHeldByAnotherEnds() throws Exception {
        endsAfter("127.0.0.1:9", "twice");
    }

    @Test
    void aProcessThatNeitherStartsNorClosesItsStreamsEnds() throws Exception {
        endsAfter("127.0.0.1:9", "unclosed");
    }

    @Test
    void aProcessWithoutItsTopicsEnds() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0)) {
            endsAfter(kafka.bootstrapServers(), "start");
        }
    }

    private static String lines(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void endsAfter(String broker, String what) throws Exception {
        Path log = directory.resolve("out.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailingStreams.class.getName(),
                        broker,
                        directory.resolve("state").toString(),
                        what)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            assertThat(ended).as(() -> "ends by itself; said " + lines(log)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
