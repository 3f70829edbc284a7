package io.palimpsest.retrain.evaluate;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** An evaluation and what the gate said of it, for machines and for people. Holds no text of queries or documents. */
public record EvaluationReport(String run, ContentHash snapshot, Evaluation evaluation, GateVerdict verdict) {
    public static final String JSON = "evaluation.json";
    public static final String MARKDOWN = "evaluation.md";
    public static final String HTML = "evaluation.html";

    public byte[] json() {
        return Json.write(Map.of(
                "run",
                run,
                "snapshot",
                snapshot,
                "promotes",
                verdict.promotes(),
                "sentence",
                verdict.sentence(),
                "verdict",
                verdict,
                "evaluation",
                evaluation));
    }

    public String markdown() {
        StringBuilder page = new StringBuilder()
                .append("# Run ")
                .append(run)
                .append("\n\n")
                .append(verdict.sentence())
                .append("\n\n");
        page.append("Candidate `").append(evaluation.candidate()).append("`, serving `");
        page.append(evaluation.serving()).append("`, training set `");
        page.append(snapshot.value(), 0, 12).append("`. Gains are candidate minus serving, with the 95 % interval of ");
        page.append(PairedBootstrap.RESAMPLES).append(" paired resamples (seed ");
        page.append(evaluation.seed()).append(").\n\n");
        page.append("| slice | queries | measure | serving | candidate | gain |\n|---|---|---|---|---|---|\n");
        for (Evaluation.SliceResult slice : evaluation.slices()) {
            slice.measures()
                    .forEach((measure, found) -> page.append(String.format(
                            Locale.ROOT,
                            "| %s (%s) | %d | %s | %.4f | %.4f | %+.4f [%+.4f, %+.4f] |%n",
                            slice.name(),
                            kind(slice.kind()),
                            slice.queries(),
                            measure.label(),
                            found.serving(),
                            found.candidate(),
                            found.gain(),
                            found.low(),
                            found.high())));
        }
        page.append("\n| | p50 ms | p95 ms | cost per 1,000 |\n|---|---|---|---|\n");
        load(page, "serving", evaluation.servingLoad());
        load(page, "candidate", evaluation.candidateLoad());
        if (!verdict.notes().isEmpty()) {
            page.append('\n');
            verdict.notes().forEach(note -> page.append("- ").append(note).append('\n'));
        }
        return page.toString().replace("\r\n", "\n");
    }

    public String html() {
        return new EvaluationPage(this).html();
    }

    /** Writes all three into a folder. */
    public void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(JSON), json());
        Files.writeString(folder.resolve(MARKDOWN), markdown());
        Files.writeString(folder.resolve(HTML), html());
    }

    static String kind(EvaluationSlice.Kind kind) {
        return switch (kind) {
            case DOCUMENT_DISJOINT -> "unseen documents";
            case TIME_LATER -> "later queries";
            case GENERAL -> "general, frozen";
            case TAG -> "tag";
        };
    }

    private static void load(StringBuilder page, String name, Evaluation.Load load) {
        page.append(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.4f |%n",
                name,
                load.p50Millis(),
                load.p95Millis(),
                load.costPerThousand()));
    }
}
