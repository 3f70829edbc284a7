package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest runs list|show|start|report|log|cancel}. */
@Command(
        name = "runs",
        description = "Fine-tuning runs: see them, start one, read its report, end it.",
        subcommands = {
            RunsCommand.ListRuns.class,
            RunsCommand.Show.class,
            RunsCommand.Start.class,
            RunsCommand.Report.class,
            RunsCommand.Log.class,
            RunsCommand.Cancel.class
        })
public final class RunsCommand {

    static void print(PrintWriter out, JsonNode run) {
        String outcome = run.path("outcome").asText("");
        out.printf(
                "%s  %-16s  begun %s  %s%n",
                run.path("run").asText(),
                outcome.isEmpty() ? "after " + run.path("stage").asText("start") : outcome,
                run.path("startedAt").asText(),
                run.path("cause").asText());
        if (run.has("progress")) {
            out.printf("    %s%n", progress(run.path("progress")));
        }
        if (run.has("reason")) {
            out.printf("    %s%n", run.path("reason").asText());
        }
        if (outcome.isEmpty() && run.path("approval").path("outcome").asText().equals("WAITING")) {
            out.printf(
                    "    waits for approval until %s: palimpsest approve %s --reason \"...\"%n",
                    run.path("approval").path("expiresAt").asText(),
                    run.path("run").asText());
        }
    }

    /** Such as {@code TRAIN: train 12 of 110, loss 0.61, 204 s left}. */
    public static String progress(JsonNode progress) {
        StringBuilder line = new StringBuilder(
                progress.path("stage").asText() + ": " + progress.path("doing").asText());
        if (progress.path("total").asLong() > 0) {
            line.append(" %d of %d"
                    .formatted(
                            progress.path("done").asLong(),
                            progress.path("total").asLong()));
        }
        if (progress.has("loss")) {
            line.append(String.format(
                    Locale.ROOT, ", loss %.3f", progress.path("loss").asDouble()));
        }
        if (progress.has("remainingSeconds")) {
            line.append(
                    ", %d s left".formatted(progress.path("remainingSeconds").asLong()));
        }
        return line.toString();
    }

    /** {@code palimpsest runs list}. */
    @Command(name = "list", description = "Runs of a collection, newest first.")
    static final class ListRuns extends ClientCommand {
        @Mixin
        InCollection in = new InCollection();

        @Override
        public Integer call() {
            JsonNode answer = server.client().get(in.path("/runs"));
            if (printed(answer)) {
                return 0;
            }
            if (answer.path("runs").isEmpty()) {
                out().println("No runs yet. One begins with an alarm of drift, or with: palimpsest runs start");
            }
            answer.path("runs").forEach(run -> print(out(), run));
            return 0;
        }
    }

    /** {@code palimpsest runs show}. */
    @Command(name = "show", description = "One run with the steps that are done.")
    static final class Show extends ClientCommand {
        @Parameters(paramLabel = "RUN", description = "As 'runs list' shows it.")
        String run;

        @Override
        public Integer call() {
            JsonNode found = server.client().get("/v1/runs/" + run);
            if (printed(found)) {
                return 0;
            }
            PrintWriter out = out();
            print(out, found);
            for (JsonNode done : found.path("done")) {
                out.printf(
                        "    %s  %s  %s%n",
                        done.path("at").asText(),
                        done.path("stage").asText(),
                        done.path("result").asText());
            }
            return 0;
        }
    }

    /** {@code palimpsest runs start}. */
    @Command(
            name = "start",
            description = "Trains a candidate from the judgements that there are, and takes it to the gate.")
    static final class Start extends ClientCommand {
        @Mixin
        InCollection in = new InCollection();

        @Option(names = "--trainer", description = "lora, adapter or command (default: retrain.trainer).")
        @Nullable
        String trainer;

        @Option(names = "--name", description = "The same name is the same run; default: a new one.")
        @Nullable
        String name;

        @Option(names = "--seed", description = "The same judgements and seed give the same model.")
        @Nullable
        Long seed;

        @Override
        public Integer call() {
            Map<String, Object> order = new LinkedHashMap<>();
            if (trainer != null) {
                order.put("trainer", trainer);
            }
            if (name != null) {
                order.put("name", name);
            }
            if (seed != null) {
                order.put("seed", seed);
            }
            JsonNode run = server.client().post(in.path("/runs"), order);
            if (!printed(run)) {
                print(out(), run);
                out().printf(
                                "Follow it: palimpsest runs show %s%n",
                                run.path("run").asText());
            }
            return 0;
        }
    }

    /** {@code palimpsest runs report}. */
    @Command(name = "report", description = "What the candidate was measured to be, beside the serving model (JSON).")
    static final class Report extends ClientCommand {
        @Parameters(paramLabel = "RUN", description = "As 'runs list' shows it.")
        String run;

        @Override
        public Integer call() {
            out().println(server.client()
                    .get("/v1/runs/" + run + "/report?format=json")
                    .toPrettyString());
            return 0;
        }
    }

    /** {@code palimpsest runs log}. */
    @Command(name = "log", description = "What the trainer's process said in its last try.")
    static final class Log extends ClientCommand {
        @Parameters(paramLabel = "RUN", description = "As 'runs list' shows it.")
        String run;

        @Override
        public Integer call() {
            out().println(server.client().text("/v1/runs/" + run + "/log"));
            return 0;
        }
    }

    /** {@code palimpsest runs cancel}. */
    @Command(name = "cancel", description = "Ends a run as soon as its step allows; the serving model stays.")
    static final class Cancel extends ClientCommand {
        @Parameters(paramLabel = "RUN", description = "As 'runs list' shows it.")
        String run;

        @Override
        public Integer call() {
            server.client().post("/v1/runs/" + run + "/cancel", Map.of());
            out().println("Run " + run + " is being ended.");
            return 0;
        }
    }
}
