package io.palimpsest.retrain.evaluate;

import io.palimpsest.retrain.evaluate.Evaluation.Comparison;
import io.palimpsest.retrain.evaluate.Evaluation.SliceResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One HTML page with its plots inside: nothing is loaded from elsewhere. */
final class EvaluationPage {
    private static final int WIDTH = 760;
    private static final int LEFT = 260;
    private static final int ROW = 26;
    private static final int BINS = 21;
    private static final int BIN_HEIGHT = 90;
    private static final String STYLE =
            "body{font:15px/1.5 system-ui,sans-serif;max-width:800px;margin:2rem auto;padding:0 1rem;color:#1c2430}"
                    + "table{border-collapse:collapse;width:100%}td,th{padding:.25rem .5rem;border-bottom:1px solid #d5dbe3;"
                    + "text-align:right}td:first-child,th:first-child{text-align:left}.verdict{padding:.75rem 1rem;border-left:"
                    + "4px solid}.yes{border-color:#1a7f4b;background:#eaf6ef}.no{border-color:#b4541a;background:#fbf1ea}"
                    + "svg{width:100%;height:auto}svg text{font-size:12px;fill:#1c2430}code{font-size:.9em}";

    private final EvaluationReport report;
    private final Evaluation evaluation;

    EvaluationPage(EvaluationReport report) {
        this.report = report;
        this.evaluation = report.evaluation();
    }

    String html() {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Run ")
                .append(escaped(report.run()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><h1>Run ")
                .append(escaped(report.run()))
                .append("</h1>");
        verdict(page);
        page.append("<h2>Gains in nDCG@10, with 95&nbsp;% intervals</h2>").append(gains());
        page.append("<h2>All measures</h2>");
        measures(page);
        page.append("<h2>Query by query</h2><p>How many queries lost (left) and gained (right) how much nDCG@10.</p>");
        evaluation
                .slices()
                .forEach(slice -> page.append("<h3>")
                        .append(escaped(slice.name()))
                        .append("</h3>")
                        .append(histogram(slice.differences())));
        page.append("<h2>Latency and cost</h2>").append(latency());
        return page.append("</html>\n").toString();
    }

    private void verdict(StringBuilder page) {
        GateVerdict verdict = report.verdict();
        page.append("<div class=\"verdict ")
                .append(verdict.promotes() ? "yes" : "no")
                .append("\"><strong>")
                .append(verdict.promotes() ? "Better: may be promoted" : "Not better: kept the serving model")
                .append("</strong><ul>");
        verdict.refusals().forEach(refusal -> item(page, refusal.message()));
        verdict.notes().forEach(note -> item(page, note));
        page.append("</ul></div><p>Candidate <code>")
                .append(escaped(evaluation.candidate().value()))
                .append("</code>, serving <code>")
                .append(escaped(evaluation.serving().value()))
                .append("</code>, training set <code>")
                .append(report.snapshot().value(), 0, 12)
                .append("</code>, seed ")
                .append(evaluation.seed())
                .append(".</p>");
    }

    private static void item(StringBuilder page, String text) {
        page.append("<li>").append(escaped(text)).append("</li>");
    }

    private String gains() {
        List<SliceResult> slices = evaluation.slices();
        double reach = 0.01;
        for (SliceResult slice : slices) {
            Comparison found = slice.of(Measure.NDCG_AT_10);
            reach = Math.max(reach, Math.max(Math.abs(found.low()), Math.abs(found.high())));
        }
        StringBuilder svg = svg(ROW * (slices.size() + 2));
        double zero = x(0, reach);
        svg.append(line(zero, 0, zero, ROW * (slices.size() + 1), "#8b96a5"));
        for (int i = 0; i < slices.size(); i++) {
            SliceResult slice = slices.get(i);
            Comparison found = slice.of(Measure.NDCG_AT_10);
            double y = ROW * (i + 0.7);
            String colour = found.low() > 0 ? "#1a7f4b" : found.high() < 0 ? "#b4541a" : "#4a5566";
            svg.append(text(0, y + 4, slice.name() + " (" + slice.queries() + ")"));
            svg.append(line(x(found.low(), reach), y, x(found.high(), reach), y, colour));
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>",
                    x(found.gain(), reach),
                    y,
                    colour));
        }
        double below = ROW * (slices.size() + 1.6);
        svg.append(text(LEFT, below, String.format(Locale.ROOT, "%+.3f", -reach)));
        svg.append(text(zero - 4, below, "0"));
        svg.append(text(WIDTH - 50, below, String.format(Locale.ROOT, "%+.3f", reach)));
        return svg.append("</svg>").toString();
    }

    private static double x(double gain, double reach) {
        return LEFT + (gain + reach) / (2 * reach) * (WIDTH - LEFT - 10);
    }

    private static String histogram(List<Double> differences) {
        int[] bins = new int[BINS];
        for (double difference : differences) {
            int bin = (int) Math.round((difference + 1) / 2 * (BINS - 1));
            bins[Math.clamp(bin, 0, BINS - 1)]++;
        }
        int most = 1;
        for (int count : bins) {
            most = Math.max(most, count);
        }
        StringBuilder svg = svg(BIN_HEIGHT + 20);
        double width = (double) WIDTH / BINS;
        for (int i = 0; i < BINS; i++) {
            double height = (double) BIN_HEIGHT * bins[i] / most;
            String colour = i < BINS / 2 ? "#b4541a" : i > BINS / 2 ? "#1a7f4b" : "#8b96a5";
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%d</title></rect>",
                    i * width + 1,
                    BIN_HEIGHT - height,
                    width - 2,
                    height,
                    colour,
                    bins[i]));
        }
        svg.append(text(0, BIN_HEIGHT + 15, "-1")).append(text(WIDTH / 2.0 - 4, BIN_HEIGHT + 15, "0"));
        return svg.append(text(WIDTH - 20, BIN_HEIGHT + 15, "+1"))
                .append("</svg>")
                .toString();
    }

    private String latency() {
        record Bar(String name, double millis) {}
        List<Bar> bars = new ArrayList<>();
        bars.add(new Bar("serving, p50", evaluation.servingLoad().p50Millis()));
        bars.add(new Bar("candidate, p50", evaluation.candidateLoad().p50Millis()));
        bars.add(new Bar("serving, p95", evaluation.servingLoad().p95Millis()));
        bars.add(new Bar("candidate, p95", evaluation.candidateLoad().p95Millis()));
        double most = bars.stream().mapToDouble(Bar::millis).max().orElse(0);
        StringBuilder svg = svg(ROW * bars.size());
        for (int i = 0; i < bars.size(); i++) {
            double length = most > 0 ? bars.get(i).millis() / most * (WIDTH - LEFT - 90) : 0;
            svg.append(text(0, ROW * (i + 0.65), bars.get(i).name()));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#3b6ea5\"/>",
                    LEFT,
                    ROW * i + 4,
                    length,
                    ROW - 8));
            svg.append(text(
                    LEFT + length + 6,
                    ROW * (i + 0.65),
                    String.format(Locale.ROOT, "%.1f ms", bars.get(i).millis())));
        }
        return svg.append("</svg><p>")
                .append(String.format(
                        Locale.ROOT,
                        "Cost per 1,000 queries: serving %.4f, candidate %.4f.</p>",
                        evaluation.servingLoad().costPerThousand(),
                        evaluation.candidateLoad().costPerThousand()))
                .toString();
    }

    private void measures(StringBuilder page) {
        page.append("<table><tr><th>slice<th>queries<th>measure<th>serving<th>candidate<th>gain</tr>");
        for (SliceResult slice : evaluation.slices()) {
            slice.measures()
                    .forEach((measure, found) -> page.append(String.format(
                            Locale.ROOT,
                            "<tr><td>%s<br><small>%s</small><td>%d<td>%s<td>%.4f<td>%.4f<td>%+.4f [%+.4f, %+.4f]</tr>",
                            escaped(slice.name()),
                            EvaluationReport.kind(slice.kind()),
                            slice.queries(),
                            measure.label(),
                            found.serving(),
                            found.candidate(),
                            found.gain(),
                            found.low(),
                            found.high())));
        }
        page.append("</table>");
    }

    private static StringBuilder svg(int height) {
        return new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">",
                WIDTH,
                height));
    }

    private static String line(double x1, double y1, double x2, double y2, String colour) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"/>",
                x1,
                y1,
                x2,
                y2,
                colour);
    }

    private static String text(double x, double y, String text) {
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>", x, y, escaped(text));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
