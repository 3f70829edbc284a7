package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One line that tells how far the flow is, rewritten in place on a terminal, one line per change elsewhere. */
final class ProgressLine {
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** So often the flow must be idle before it counts: a source may be between two files. */
    private static final int IDLE_ROUNDS = 4;

    private static final int TELL_AFTER = 8;

    private final Supplier<JsonNode> status;
    private final PrintWriter out;
    private final Place place;
    private final Duration pause;
    private String last = "";
    private List<String> problems = List.of();

    /** What the line is written to. */
    enum Place {
        TERMINAL,
        FILE;

        /** As the launcher said. */
        static Place ofThisProcess() {
            return Boolean.getBoolean("palimpsest.terminal") ? TERMINAL : FILE;
        }
    }

    ProgressLine(ApiClient client, PrintWriter out) {
        this(() -> client.get("/v1/status"), out, Place.ofThisProcess(), PAUSE);
    }

    /** @param status may throw {@link ApiClient.CallFailed} */
    ProgressLine(Supplier<JsonNode> status, PrintWriter out, Place place, Duration pause) {
        this.status = status;
        this.out = out;
        this.place = place;
        this.pause = pause;
    }

    /**
     * Shows progress until folders are listed and nothing is in flight. A folder that is not there is not waited for.
     *
     * @return what the server said last
     */
    FlowLine untilIdle() throws InterruptedException {
        int idle = 0;
        int failures = 0;
        FlowLine flow = null;
        while (flow == null || idle < IDLE_ROUNDS) {
            try {
                flow = new FlowLine(status.get());
                show(flow);
                idle = flow.isIdle() ? idle + 1 : 0;
                failures = 0;
            } catch (ApiClient.CallFailed e) {
                idle = 0;
                failures++;
                if (failures == TELL_AFTER) { // one may be the server's end
                    show("no status (the work goes on): "
                            + String.valueOf(e.getMessage()).replace('\n', ' '));
                }
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
        out.println();
        out.flush();
        return flow;
    }

    private void show(FlowLine flow) {
        if (!flow.problems().equals(problems)) {
            problems = flow.problems();
            problems.forEach(this::tell);
        }
        show(flow.text());
    }

    /** A line that stays. */
    private void tell(String line) {
        show(line);
        if (place == Place.TERMINAL) {
            out.println();
            last = "";
        }
    }

    private void show(String line) {
        if (line.equals(last)) {
            return;
        }
        if (place == Place.TERMINAL) {
            out.print("\r" + line + " ".repeat(Math.max(0, last.length() - line.length())));
        } else {
            out.println(line);
        }
        out.flush();
        last = line;
    }
}
