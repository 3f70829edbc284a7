package io.palimpsest.standalone.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A document in the demo's own small notation, a line each: {@code #} heading, {@code ##} heading below it, {@code -}
 * list item, {@code |} table row, {@code ---} new page, anything else a paragraph.
 */
record Outline(List<Line> lines) {
    Outline {
        lines = List.copyOf(lines);
    }

    sealed interface Line {}

    record Heading(int level, String text) implements Line {}

    record Paragraph(String text) implements Line {}

    record Item(String text) implements Line {}

    record Row(List<String> cells) implements Line {}

    record NewPage() implements Line {}

    static Outline parse(String notation) {
        List<Line> lines = new ArrayList<>();
        notation.lines().filter(line -> !line.isBlank()).forEach(line -> lines.add(line(line)));
        return new Outline(lines);
    }

    String title() {
        return lines.stream()
                .filter(line -> line instanceof Heading)
                .map(line -> ((Heading) line).text())
                .findFirst()
                .orElse("");
    }

    static List<String> cells(String row) {
        return Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
    }

    private static Line line(String line) {
        if (line.equals("---")) {
            return new NewPage();
        }
        if (line.startsWith("## ")) {
            return new Heading(2, line.substring(3));
        }
        if (line.startsWith("# ")) {
            return new Heading(1, line.substring(2));
        }
        if (line.startsWith("- ")) {
            return new Item(line.substring(2));
        }
        return line.startsWith("| ") ? new Row(cells(line.substring(1, line.lastIndexOf('|')))) : new Paragraph(line);
    }
}
