package io.palimpsest.bench;

import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What benchmarks print: a line per row as it is measured, and all rows as JSON in the end. */
final class Report {
    private final PrintStream out;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    /** @param values numbers and texts; printed in order of their names */
    void row(String bench, Map<String, ?> values) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("bench", bench);
        row.putAll(new TreeMap<>(values));
        rows.add(row);
        StringBuilder line = new StringBuilder();
        row.forEach((name, value) -> line.append(
                value instanceof Double d
                        ? String.format(Locale.ROOT, "%s=%.4f  ", name, d)
                        : name + "=" + value + "  "));
        out.println(line.toString().stripTrailing());
        out.flush();
    }

    /** True for benchmarks that write a report of their own. */
    boolean isEmpty() {
        return rows.isEmpty();
    }

    void write(Path file) throws IOException {
        Files.write(
                file,
                Json.write(Map.of(
                        "rows",
                        rows,
                        "processors",
                        Runtime.getRuntime().availableProcessors(),
                        "java",
                        Runtime.version().toString())));
    }
}
