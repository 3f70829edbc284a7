package io.palimpsest.platform.registry;

import java.util.List;
import java.util.Map;

/**
 * What there is to know of a model or an index, for people and machines. Holds no text of documents or queries, and no person.
 *
 * @param sections in the order of reading
 */
public record Card(String title, String id, String digest, List<Section> sections) {
    public Card {
        sections = List.copyOf(sections);
    }

    /**
     * @param facts by name, in the order of reading
     * @param rows of a table, all with the same columns
     * @param notes sentences
     */
    public record Section(
            String heading, Map<String, String> facts, List<Map<String, String>> rows, List<String> notes) {
        public Section {
            rows = List.copyOf(rows);
            notes = List.copyOf(notes);
        }
    }

    /** A page without scripts, and without anything from elsewhere. */
    public String html() {
        StringBuilder html = new StringBuilder(
                        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(safe(title))
                .append("</title><style>body{font:15px/1.5 sans-serif;margin:2rem;max-width:75rem}"
                        + "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2rem .5rem;text-align:left;"
                        + "vertical-align:top}code{word-break:break-all}</style></head><body>\n<h1>")
                .append(safe(title))
                .append("</h1>\n<p><code>")
                .append(safe(id))
                .append("</code>, SHA-256 <code>")
                .append(safe(digest))
                .append("</code></p>\n");
        sections.forEach(section -> section(html, section));
        return html.append("</body></html>\n").toString();
    }

    private static void section(StringBuilder html, Section section) {
        html.append("<h2>").append(safe(section.heading())).append("</h2>\n");
        if (!section.facts().isEmpty()) {
            html.append("<table>\n");
            section.facts()
                    .forEach((name, value) -> html.append("<tr><th>")
                            .append(safe(name))
                            .append("</th><td>")
                            .append(safe(value))
                            .append("</td></tr>\n"));
            html.append("</table>\n");
        }
        if (!section.rows().isEmpty()) {
            html.append("<table>\n<tr>");
            section.rows()
                    .getFirst()
                    .keySet()
                    .forEach(column -> html.append("<th>").append(safe(column)).append("</th>"));
            html.append("</tr>\n");
            for (Map<String, String> row : section.rows()) {
                html.append("<tr>");
                row.values()
                        .forEach(
                                value -> html.append("<td>").append(safe(value)).append("</td>"));
                html.append("</tr>\n");
            }
            html.append("</table>\n");
        }
        section.notes().forEach(note -> html.append("<p>").append(safe(note)).append("</p>\n"));
    }

    private static String safe(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
