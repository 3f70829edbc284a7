package io.palimpsest.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.ReferencePage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class MetricReferenceTest {
    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        ReferencePage.check("telemetry.md", page());
    }

    @Test
    void namesAreUniqueAndNoTagHoldsAnId() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::id)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(Metric.values()).flatMap(metric -> metric.tags().stream()))
                .doesNotContain("documentId", "changeId", "tenant");
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Telemetry

                Generated from the code; a test compares it.

                ## Metrics

                At `/metrics`, in Prometheus' format: dots become `_`, the unit follows where the name does not end with
                it, counters end in `_total`, timers are histograms in seconds. Besides these, the JVM's memory, threads and processor.

                | metric | type | unit | tags | meaning |
                |---|---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            page.append("| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            metric.id(),
                            metric.type().name().toLowerCase(Locale.ROOT),
                            metric.unit(),
                            String.join(", ", metric.tags()),
                            ReferencePage.cell(metric.help())));
        }
        page.append("""

                ## Log keys

                A line says what happened; its keys say which. No other keys are used, and never content.

                | key | meaning |
                |---|---|
                """);
        for (LogKey key : LogKey.values()) {
            page.append("| `%s` | %s |\n".formatted(key.key(), ReferencePage.cell(key.meaning())));
        }
        page.append("""

                ## Logs

                `-Dpalimpsest.log=CONSOLE` (plain lines, the default), `JSON` (a JSON object per line on the console) or `FILE`
                (the same in the file of `-Dpalimpsest.log.file`, rolled and compressed); `-Dpalimpsest.log.level=DEBUG` for more.

                ## Traces

                W3C `traceparent` comes in with HTTP requests and events, goes along in Kafka headers through every hop, and is
                sent to the OpenTelemetry collector that `telemetry.otlp.endpoint` names.
                """);
        return page.toString();
    }
}
