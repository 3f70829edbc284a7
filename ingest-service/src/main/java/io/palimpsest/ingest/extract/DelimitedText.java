package io.palimpsest.ingest.extract;

import java.util.ArrayList;
import java.util.List;

/** Rows of comma-separated text (RFC 4180) whose delimiter is a comma, a semicolon or a tab. */
final class DelimitedText {
    private final String text;
    private final char delimiter;
    private final List<List<String>> rows = new ArrayList<>();
    private List<String> row = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private boolean quoted;

    private DelimitedText(String text) {
        this.text = text;
        this.delimiter = delimiterOf(text.lines().findFirst().orElse(""));
    }

    static List<List<String>> rows(String text) {
        DelimitedText reader = new DelimitedText(text);
        for (int i = 0; i < text.length(); i++) {
            i += reader.read(text.charAt(i), i);
        }
        reader.endRow();
        return reader.rows;
    }

    /** @return how many characters after this one were read too */
    private int read(char c, int at) {
        boolean doubled = quoted && c == '"' && at + 1 < text.length() && text.charAt(at + 1) == '"';
        if (doubled) {
            cell.append('"');
            return 1;
        }
        if (c == '"' && (quoted || cell.toString().isBlank())) {
            quoted = !quoted;
        } else if (!quoted && c == delimiter) {
            endCell();
        } else if (!quoted && c == '\n') {
            endRow();
        } else {
            cell.append(c);
        }
        return 0;
    }

    private void endCell() {
        row.add(cell.toString());
        cell.setLength(0);
    }

    private void endRow() {
        endCell();
        rows.add(row);
        row = new ArrayList<>();
    }

    private static char delimiterOf(String line) {
        char best = ',';
        for (char candidate : new char[] {';', '\t'}) {
            if (count(line, candidate) > count(line, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String line, char wanted) {
        return line.chars().filter(c -> c == wanted).count();
    }
}
