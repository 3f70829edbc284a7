package io.palimpsest.ingest.stream;

import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;

/** A process whose topology cannot start. Arguments: broker, state directory, "start" or "never". */
final class FailingStreams {
    private FailingStreams() {}

    public static void main(String[] arguments) throws InterruptedException {
        Topology topology = new Topology();
        topology.addSource(
                "in", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), "no-such-topic");
        try (StreamsRunner runner = new StreamsRunner(
                "failing", topology, StreamsSettings.of(arguments[0], Path.of(arguments[1])), state -> {})) {
            if (arguments[2].equals("start")) {
                runner.start();
                runner.awaitRunning(Duration.ofSeconds(10));
            }
        } catch (PalimpsestException e) {
            System.out.println("failed with " + e.code());
        }
    }
}
