package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** One line that tells how far the flow is, rewritten in place on a terminal, one line per change elsewhere. */
final class ProgressLine {
    private static final long PAUSE_MILLIS = 250;
    /** So often the flow must be idle before it counts: a source may be between two files. */
    private static final int IDLE_ROUNDS = 4;

    private static final int TELL_AFTER = 8;

    private final ApiClient client;
    private final PrintWriter out;
    private final boolean terminal;
    private String last = "";

    ProgressLine(ApiClient client, PrintWriter out) {
        this.client = client;
        this.out = out;
        this.terminal = Boolean.getBoolean("palimpsest.terminal"); // said by the launcher
    }

    /** Shows progress until folders are listed and nothing is in flight. */
    void untilIdle() throws InterruptedException {
        int idle = 0;
        int failures = 0;
        while (idle < IDLE_ROUNDS) {
            try {
                JsonNode status = client.get("/v1/status");
                show(line(status.path("total")) + passedOver(status.path("folders")));
                idle = isIdle(status) ? idle + 1 : 0;
                failures = 0;
            } catch (ApiClient.CallFailed e) {
                idle = 0;
                failures++;
                if (failures == TELL_AFTER) { // one may be the server's end
                    show("no status (the work goes on): "
                            + String.valueOf(e.getMessage()).replace('\n', ' '));
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        out.println();
        out.flush();
    }

    private static boolean isIdle(JsonNode status) {
        long published = 0;
        for (JsonNode folder : status.path("folders")) {
            if (folder.path("listing").asBoolean()) {
                return false;
            }
            published += folder.path("published").asLong();
        }
        JsonNode total = status.path("total");
        return total.path("inFlight").path("all").asLong() == 0
                && total.path("received").asLong() >= published;
    }

    private static String line(JsonNode total) {
        long failed =
                total.path("quarantined").asLong() + total.path("deadLettered").asLong();
        return "documents " + total.path("accepted").asLong() + " accepted, "
                + total.path("extracted").asLong() + " extracted, "
                + total.path("indexed").asLong() + " indexed, "
                + failed + " failed | passages "
                + total.path("passagesEmbedded").asLong() + " embedded, "
                + total.path("passagesReused").asLong() + " reused | ETA " + eta(total);
    }

    private static String passedOver(JsonNode folders) {
        long files = 0;
        for (JsonNode folder : folders) {
            files += folder.path("unreadable").asLong();
        }
        return files == 0 ? "" : " | " + files + " passed over: see palimpsest quarantine list";
    }

    private static String eta(JsonNode total) {
        if (!total.hasNonNull("etaMs")) {
            return "?";
        }
        long seconds = (total.path("etaMs").asLong() + 999) / 1000;
        return String.format("%d:%02d", seconds / 60, seconds % 60);
    }

    private void show(String line) {
        if (line.equals(last)) {
            return;
        }
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, last.length() - line.length())));
        } else {
            out.println(line);
        }
        out.flush();
        last = line;
    }
}
