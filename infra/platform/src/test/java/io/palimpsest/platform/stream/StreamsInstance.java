package io.palimpsest.platform.stream;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * A process with a stream topology that counts by key: {@code in} to {@code out}. Arguments: broker, state directory, protocol,
 * instance.
 */
final class StreamsInstance {
    private StreamsInstance() {}

    public static void main(String[] arguments) throws InterruptedException {
        StreamsSettings settings = new StreamsSettings(
                arguments[0],
                Path.of(arguments[1]),
                1,
                Duration.ofMillis(100),
                arguments[2],
                arguments[3],
                (short) 1,
                Map.of());
        StreamsRunner runner = new StreamsRunner("counting-" + arguments[2], StreamsInstance::topology, settings);
        long begin = System.nanoTime();
        runner.start();
        runner.awaitRunning(Duration.ofSeconds(60));
        System.out.println(
                "RUNNING " + Duration.ofNanos(System.nanoTime() - begin).toMillis());
        Thread.sleep(Duration.ofMinutes(5)); // until it is killed
    }

    static Topology topology() {
        Topology topology = new Topology();
        topology.addSource("in", Serdes.String().deserializer(), Serdes.String().deserializer(), "in");
        topology.addProcessor("count", Counting::new, "in");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("counts"), Serdes.String(), Serdes.String()),
                "count");
        topology.addSink(
                "out", "out", Serdes.String().serializer(), Serdes.String().serializer(), "count");
        return topology;
    }

    private static final class Counting implements Processor<String, String, String, String> {
        private @Nullable ProcessorContext<String, String> context;
        private @Nullable KeyValueStore<String, String> counts;

        @Override
        public void init(ProcessorContext<String, String> given) {
            context = given;
            counts = given.getStateStore("counts");
        }

        @Override
        public void process(Record<String, String> record) {
            if (context != null && counts != null) {
                String before = counts.get(record.key());
                int count = before == null ? 1 : Integer.parseInt(before) + 1;
                counts.put(record.key(), Integer.toString(count));
                context.forward(record.withValue(record.value() + "=" + count));
            }
        }
    }
}
