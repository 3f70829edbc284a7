package io.palimpsest.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.palimpsest.platform.config.TelemetrySettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Spans on their way to a collector, and collectors that are not there. */
final class TracingExportTest {
    /** What a stop may take for spans that nobody takes; the node has more to do then. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(6);

    @Test
    void aCollectorThatIsAwayHoldsUpNeitherTheWorkNorTheEnd() throws Exception {
        URI nowhere;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = URI.create("http://127.0.0.1:" + free.getLocalPort() + "/v1/traces");
        }
        worksAndEnds(nowhere);
    }

    @Test
    void aCollectorThatNeverAnswersHoldsUpNeitherTheWorkNorTheEnd() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        silent.createContext("/", exchange -> {
            try {
                over.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        silent.start();
        try {
            worksAndEnds(URI.create("http://127.0.0.1:" + silent.getAddress().getPort() + "/v1/traces"));
        } finally {
            over.countDown();
            silent.stop(0);
        }
    }

    private static void worksAndEnds(URI collector) {
        Tracing tracing = new Tracing(new TelemetrySettings(Optional.of(collector), List.of()));
        long began = System.nanoTime();
        for (int i = 0; i < 5_000; i++) { // more than the queue of spans holds
            Headers headers = new RecordHeaders();
            try (TraceSpan span = tracing.span("work", headers)) {
                tracing.inject(headers);
                assertThat(span.traceId()).hasSize(32);
            }
        }
        assertThat(since(began)).as("the work").isLessThan(Duration.ofSeconds(5));
        long ends = System.nanoTime();
        tracing.close();
        assertThat(since(ends)).as("the end").isLessThan(LONGEST_CLOSE);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
