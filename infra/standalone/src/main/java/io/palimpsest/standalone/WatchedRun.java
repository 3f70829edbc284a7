package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.RunsCommand;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One run of {@code palimpsest demo retrain}: tells its stages and their progress, and approves where a person is asked. */
final class WatchedRun {
    private static final long LONGEST_SECONDS = 1_800;
    private static final int LINES_PER_STEP = 8;

    private final ApiClient client;
    private final String run;
    private final Telling telling;
    private String stage = "";
    private String progress = "";

    WatchedRun(ApiClient client, String run, Telling telling) {
        this.client = client;
        this.run = run;
        this.telling = telling;
    }

    /** @param done hears of each stage when it is over */
    void toItsEnd(Consumer<String> done) throws InterruptedException {
        Telling.until(LONGEST_SECONDS, "the run's end", () -> {
            JsonNode now = client.get("/v1/runs/" + run);
            stage(now.path("stage").asText(), done);
            if (now.has("progress")) {
                progress(RunsCommand.progress(now.path("progress")));
            }
            if (now.path("approval").path("outcome").asText().equals("WAITING")) {
                approve();
            }
            return now.has("outcome") ? Optional.of(now) : Optional.empty();
        });
    }

    private void stage(String now, Consumer<String> done) {
        if (now.equals(stage)) {
            return;
        }
        stage = now;
        telling.say("done: %s", now);
        done.accept(now);
        if (now.equals("EVALUATE")) {
            report();
        }
    }

    private void progress(String now) {
        if (!now.isEmpty() && !coarse(now).equals(progress)) {
            progress = coarse(now);
            telling.say("%s", now);
        }
    }

    /** Without what changes each second: {@code TRAIN: train 14 of 56} and the next six are one. */
    private static String coarse(String progress) {
        String[] words = progress.split(" ", -1);
        StringBuilder rough = new StringBuilder(words[0]);
        for (int i = 1; i + 2 < words.length; i++) {
            if (words[i + 1].equals("of")) {
                long total = Long.parseLong(words[i + 2].replaceAll("\\D", ""));
                return rough.append(Long.parseLong(words[i]) * LINES_PER_STEP / Math.max(1, total))
                        .toString();
            }
            rough.append(words[i]);
        }
        return rough.toString();
    }

    private void approve() {
        telling.say("a person is asked: palimpsest approve %s --reason \"...\"", run);
        client.post("/v1/runs/" + run + "/approve", Map.of("reason", "better where people speak, no worse elsewhere"));
        telling.say("approved");
    }

    private void report() {
        JsonNode report = client.get("/v1/runs/" + run + "/report?format=json");
        for (JsonNode slice : report.path("evaluation").path("slices")) {
            JsonNode ndcg = slice.path("measures").path("NDCG_AT_10");
            telling.say(
                    "  %-22s %4d queries, nDCG@10 %.3f -> %.3f, gain %+.3f [%+.3f, %+.3f]",
                    slice.path("name").asText(),
                    slice.path("queries").asInt(),
                    ndcg.path("serving").asDouble(),
                    ndcg.path("candidate").asDouble(),
                    ndcg.path("gain").asDouble(),
                    ndcg.path("low").asDouble(),
                    ndcg.path("high").asDouble());
        }
        telling.say("  %s", report.path("sentence").asText());
    }
}
