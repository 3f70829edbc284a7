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

/** {@code palimpsest reconcile}. */
@Command(
        name = "reconcile",
        description = {
            "Holds watched folders and buckets against the documents that we have, and publishes what differs:",
            "documents that only the source has, whose content differs, or that are gone at the source.",
            "It does so by itself every night (reconcile.every, reconcile.at). Role OPERATE."
        },
        footer = {
            "",
            "A run that would delete suspiciously much of a source (folder.max.delete.ratio,",
            "s3.source.max.delete.ratio) changes nothing of it and ends with PAL-845: see whether the source is",
            "complete, and if the documents are to go, run it again with --allow-deletes.",
            "",
            "Exit status: 0 it agrees now (or the dry run is over), 3 deletes were held, 1 it failed.",
            "",
            "Examples:",
            "  palimpsest reconcile --dry-run            what differs, everywhere; changes nothing",
            "  palimpsest reconcile folder               publish what differs in the watched folder",
            "  palimpsest reconcile s3:invoices --allow-deletes"
        })
final class ReconcileCommand extends ClientCommand {
    private static final long PAUSE_MS = 500;
    private static final int HELD = 3;

    @Mixin
    InCollection in = new InCollection();

    @Parameters(
            paramLabel = "SOURCE",
            arity = "0..1",
            description = "folder, folder:NAME or s3:NAME (default: all of the collection).")
    @Nullable
    String source;

    @Option(names = "--dry-run", description = "Tell what differs, with some ids, and change nothing.")
    boolean dryRun;

    @Option(names = "--allow-deletes", description = "Delete what is gone at the source, however much it is.")
    boolean allowDeletes;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("dryRun", dryRun);
        order.put("allowDeletes", allowDeletes);
        if (source != null) {
            order.put("source", source);
        }
        ApiClient client = server.client();
        JsonNode begun = client.post(in.path("/reconcile"), order);
        PrintWriter out = out();
        JsonNode run = followed(client, begun, out);
        if (!printed(run)) {
            for (JsonNode part : begun.path("sources")) {
                client.find("/v1/reconciliations/" + part.path("reconciliation").asText())
                        .ifPresent(done -> print(out, done));
            }
            out.printf(
                    "%s: %s%n", run.path("outcome").asText(), run.path("reason").asText());
        }
        return switch (run.path("outcome").asText()) {
            case "RECONCILED" -> 0;
            case "DELETES_HELD" -> HELD;
            default -> 1;
        };
    }

    private JsonNode followed(ApiClient client, JsonNode begun, PrintWriter out) throws InterruptedException {
        String told = "";
        while (true) {
            JsonNode run = client.get("/v1/runs/" + begun.path("run").asText());
            if (run.hasNonNull("outcome")) {
                return run;
            }
            String now = progress(client, begun);
            if (!server.json && !now.isEmpty() && !now.equals(told)) {
                out.println(now);
                out.flush();
                told = now;
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    /** Of the source that is being compared. */
    private static String progress(ApiClient client, JsonNode begun) {
        for (JsonNode part : begun.path("sources")) {
            JsonNode at = client.find(
                            "/v1/reconciliations/" + part.path("reconciliation").asText())
                    .orElse(null);
            if (at != null && !at.hasNonNull("endedAt")) {
                JsonNode report = at.path("report");
                String why = at.hasNonNull("errorCode")
                        ? ", waits: " + at.path("errorCode").asText()
                        : "";
                return at.path("state").asText().equals("PUBLISHING")
                        ? String.format(
                                "%s: %,d of %,d published%s",
                                at.path("source").asText(),
                                report.path("published").asLong(),
                                report.path("missing").asLong()
                                        + report.path("changed").asLong()
                                        + report.path("gone").asLong(),
                                why)
                        : String.format(
                                "%s: %,d read%s",
                                at.path("source").asText(),
                                report.path("listed").asLong(),
                                why);
            }
        }
        return "";
    }

    private static void print(PrintWriter out, JsonNode done) {
        JsonNode report = done.path("report");
        out.printf(
                "%s: it has %,d documents, we have %,d of it; %,d missing, %,d changed, %,d gone, %,d published%n",
                done.path("source").asText(),
                report.path("listed").asLong(),
                report.path("known").asLong(),
                report.path("missing").asLong(),
                report.path("changed").asLong(),
                report.path("gone").asLong(),
                report.path("published").asLong());
        if (report.path("passedOver").asLong() > 0) {
            out.printf(
                    "  %,d passed over: unreadable, too large or without a name that can be an id%n",
                    report.path("passedOver").asLong());
        }
        report.path("examples")
                .properties()
                .forEach(kind -> kind.getValue()
                        .forEach(id -> out.printf("  %-8s %s%n", kind.getKey().toLowerCase(Locale.ROOT), id.asText())));
        if (report.path("heldDeletes").asLong() > 0) {
            out.printf(
                    "  suspiciously many are gone: %s --allow-deletes deletes them%n",
                    done.path("dryRun").asBoolean() ? "a run is refused without it;" : "nothing was changed;");
        }
    }
}
