package io.palimpsest.ledger.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.ledger.sequence.Leaf;
import io.palimpsest.verifier.pack.EvidencePack;
import io.palimpsest.verifier.pack.Opening;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A pack for people to read. */
final class EvidenceReport {
    private static final List<String> NOT_ESTABLISHED = List.of(
            "That what an entry states is true. Services wrote it, and the log shows only that it has not been changed since.",
            "That nothing happened of which no entry was made.",
            "That everybody is shown the same log. Compare the checkpoint with one that somebody else keeps, or let witnesses cosign.",
            "That the times in entries are right: they are those of the services' clocks.",
            "Who a commitment stands for, unless its opening is in this pack.",
            "That this report is complete or right: it is made for reading. What is proven stands in the file entries.",
            "That a law asks for any of this: tamper evidence is our addition.");

    private final EvidencePack pack;
    private final List<String> keys;
    private final Evidence.Order order;
    private final Checkpoint checkpoint;
    private final List<Line> lines;

    EvidenceReport(EvidencePack pack, List<String> keys, Evidence.Order order) {
        this.pack = pack;
        this.keys = keys;
        this.order = order;
        this.checkpoint = Checkpoint.parse(pack.checkpoint().text());
        this.lines = lines(pack);
    }

    /** @param about null where it is about nobody, or its opening is not in the pack */
    private record Line(
            long index,
            Leaf entry,
            @Nullable String of,
            @Nullable String about) {}

    private record Report(
            String log,
            String from,
            String to,
            long treeSize,
            String rootHash,
            List<String> keys,
            Map<String, Long> types,
            List<Line> entries,
            List<String> notEstablished) {}

    byte[] json() {
        return Json.write(new Report(
                checkpoint.origin(),
                order.from().toString(),
                order.to().toString(),
                checkpoint.treeSize(),
                checkpoint.rootHash().base64(),
                keys,
                types(),
                lines,
                NOT_ESTABLISHED));
    }

    byte[] html() {
        StringBuilder html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<title>Evidence</title><style>body{font:15px/1.5 sans-serif;margin:2rem;max-width:75rem}"
                + "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2rem .5rem;text-align:left;"
                + "vertical-align:top}code{word-break:break-all}</style></head><body>\n");
        html.append("<h1>Evidence from the log ")
                .append(safe(checkpoint.origin()))
                .append("</h1>\n<p>Entries ")
                .append(pack.proof().first())
                .append(" to ")
                .append(pack.proof().first() + pack.proof().count() - 1)
                .append(", which are all from ")
                .append(order.from())
                .append(" to ")
                .append(order.to())
                .append(" and what the log has between them, under a checkpoint of ")
                .append(checkpoint.treeSize())
                .append(" entries with the root <code>")
                .append(checkpoint.rootHash().base64())
                .append(
                        "</code>.</p>\n<h2>How to verify it</h2>\n<p>With a verifier key that you have from somebody you trust, not"
                                + " from this pack, which names <code>")
                .append(safe(String.join(", ", keys)))
                .append("</code>:</p>\n<pre>java -jar palimpsest-verifier.jar PACK KEY</pre>\n")
                .append("<h2>What this does not establish</h2>\n<ul>\n");
        NOT_ESTABLISHED.forEach(line -> html.append("<li>").append(safe(line)).append("</li>\n"));
        html.append("</ul>\n<h2>How many of what</h2>\n<table><tr><th>type</th><th>entries</th></tr>\n");
        types().forEach((type, count) -> row(html, type, count.toString()));
        html.append(
                "</table>\n<h2>Entries</h2>\n<table><tr><th>index</th><th>time</th><th>type</th><th>actor</th><th>of</th>"
                        + "<th>about</th><th>facts</th></tr>\n");
        for (Line line : lines) {
            Leaf entry = line.entry();
            row(
                    html,
                    Long.toString(line.index()),
                    entry.at().toString(),
                    entry.type().name(),
                    entry.actor(),
                    line.of() == null ? "" : line.of(),
                    line.about() == null ? "" : line.about(),
                    new TreeMap<>(entry.facts()).toString());
        }
        return html.append("</table>\n</body></html>\n").toString().getBytes(UTF_8);
    }

    private static List<Line> lines(EvidencePack pack) {
        Map<String, String> meanings = new HashMap<>();
        for (Opening opening : pack.openings()) {
            meanings.put(opening.commitment().hex(), opening.meaning());
        }
        List<Line> lines = new ArrayList<>();
        for (byte[] bytes : pack.entries()) {
            Leaf entry = Leaf.parse(bytes);
            lines.add(new Line(
                    pack.proof().first() + lines.size(),
                    entry,
                    meanings.get(entry.scope()),
                    entry.subject() == null ? null : meanings.get(entry.subject())));
        }
        return lines;
    }

    private Map<String, Long> types() {
        Map<String, Long> types = new TreeMap<>();
        lines.forEach(line -> types.merge(line.entry().type().name(), 1L, Long::sum));
        return types;
    }

    private static void row(StringBuilder html, String... cells) {
        html.append("<tr>");
        for (String cell : cells) {
            html.append("<td>").append(safe(cell)).append("</td>");
        }
        html.append("</tr>\n");
    }

    private static String safe(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
