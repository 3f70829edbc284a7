package io.palimpsest.ingest.source.debezium;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with columns in it, such as {@code db://orders/{region}/{id}}. Values are percent-encoded except for letters, digits
 * and {@code -._~} (RFC 3986 §2.3), so that texts of different values differ where the texts between columns hold
 * anything else.
 */
record Template(List<String> literals, List<String> columns) {
    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");
    private static final Pattern SEPARATOR = Pattern.compile(".*[^A-Za-z0-9\\-._~%].*", Pattern.DOTALL);

    /** @param literals before, between and after the columns: one more than those */
    Template {
        literals = List.copyOf(literals);
        columns = List.copyOf(columns);
    }

    static Template parse(String text) {
        List<String> literals = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        Matcher matcher = COLUMN.matcher(text);
        int from = 0;
        while (matcher.find()) {
            literals.add(text.substring(from, matcher.start()));
            columns.add(matcher.group(1));
            from = matcher.end();
        }
        literals.add(text.substring(from));
        return new Template(literals, columns);
    }

    /** What keeps the text from naming one row, and one only; empty: nothing. */
    Optional<String> ambiguity() {
        if (columns.isEmpty()) {
            return Optional.of("names no column: give those of the key, such as db://articles/{id}");
        }
        if (columns.size() != columnSet().size()) {
            return Optional.of("names a column twice");
        }
        for (String between : literals.subList(1, literals.size() - 1)) {
            if (!SEPARATOR.matcher(between).matches()) {
                return Optional.of("needs a separator between columns that no value contains, such as / or :");
            }
        }
        return Optional.empty();
    }

    boolean hasStrayBraces() {
        return literals.stream().anyMatch(text -> text.contains("{") || text.contains("}"));
    }

    Set<String> columnSet() {
        return new LinkedHashSet<>(columns);
    }

    /** @param values gives the text of a column */
    String fill(UnaryOperator<String> values) {
        StringBuilder filled = new StringBuilder(literals.getFirst());
        for (int i = 0; i < columns.size(); i++) {
            filled.append(PercentEncoding.of(values.apply(columns.get(i)))).append(literals.get(i + 1));
        }
        return filled.toString();
    }
}
