package io.palimpsest.platform.stream;

import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;

/** A process whose topology cannot start. Arguments: broker, state directory, and what to do. */
final class FailingStreams {
    private FailingStreams() {}

    public static void main(String[] arguments) throws InterruptedException {
        Topology topology = new Topology();
        topology.addSource(
                "in", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), "no-such-topic");
        StreamsSettings settings = StreamsSettings.of(arguments[0], Path.of(arguments[1]));
        try (StreamsRunner runner = new StreamsRunner("failing", () -> topology, settings)) {
            switch (arguments[2]) {
                case "start" -> {
                    runner.start();
                    runner.awaitRunning(Duration.ofSeconds(10));
                }
                case "twice" -> {
                    runner.start();
                    try (StreamsRunner second = new StreamsRunner("failing", () -> topology, settings)) {
                        second.start();
                    }
                }
                case "unclosed" -> {
                    StreamsRunner other = new StreamsRunner("other", () -> topology, settings);
                    System.out.println(other.state());
                }
                default -> System.out.println(runner.state());
            }
        } catch (PalimpsestException | StreamsException e) {
            System.out.println("failed with " + e);
        }
    }
}
