package io.palimpsest.verifier.entry;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The members of an entry, or of a receipt: a JSON object. An inner member is named after its outer one and a dot: {@code
 * facts.model}, {@code passages.0.document}. No member is there twice, so that nobody can read another one than this does.
 */
public final class LogEntry {
    private static final Pattern PLAIN = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?|true|false|null");

    private final String text;
    private int at;
    private final Map<String, String> members = new LinkedHashMap<>();

    private LogEntry(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when it is not such an object, or a member is there twice */
    public static LogEntry parse(byte[] bytes) {
        LogEntry entry = new LogEntry(new String(bytes, StandardCharsets.UTF_8));
        entry.object("");
        if (entry.at != entry.text.length()) {
            throw entry.wrong();
        }
        return entry;
    }

    /** A text without its quotes; a number, true, false and null as written. */
    public Optional<String> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    private void object(String prefix) {
        expect('{');
        if (peek() == '}') {
            at++;
            return;
        }
        do {
            String name = prefix + string();
            expect(':');
            value(name);
        } while (next() == ',');
        at--;
        expect('}');
    }

    private void array(String prefix) {
        expect('[');
        if (peek() == ']') {
            at++;
            return;
        }
        int index = 0;
        do {
            value(prefix + index++);
        } while (next() == ',');
        at--;
        expect(']');
    }

    private void value(String name) {
        switch (peek()) {
            case '{' -> object(name + ".");
            case '[' -> array(name + ".");
            case '"' -> put(name, string());
            default -> put(name, plain());
        }
    }

    private void put(String name, String value) {
        if (members.put(name, value) != null) {
            throw wrong();
        }
    }

    private String string() {
        expect('"');
        StringBuilder read = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            read.append(c == '\\' ? escaped() : c);
        }
        return read.toString();
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw wrong();
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw wrong();
        };
    }

    private String plain() {
        int begin = at;
        while (",]}".indexOf(peek()) < 0 && peek() != 0) {
            at++;
        }
        String read = text.substring(begin, at);
        if (!PLAIN.matcher(read).matches()) {
            throw wrong();
        }
        return read;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at++);
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw wrong();
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("this is not JSON with every member once, at character " + at);
    }
}
