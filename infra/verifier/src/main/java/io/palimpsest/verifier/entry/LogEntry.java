package io.palimpsest.verifier.entry;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The members of an entry: a JSON object of texts, numbers and objects of them, nothing else. An inner member is named after its
 * outer one and a dot: {@code facts.model}.
 */
public final class LogEntry {
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

    /** A text without its quotes; a number as written. */
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
            if (peek() == '{') {
                object(name + ".");
            } else if (members.put(name, peek() == '"' ? string() : number()) != null) {
                throw wrong();
            }
        } while (next() == ',');
        at--;
        expect('}');
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

    private String number() {
        int begin = at;
        while ((peek() >= '0' && peek() <= '9') || peek() == '-') {
            at++;
        }
        if (begin == at) {
            throw wrong();
        }
        return text.substring(begin, at);
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
        return new IllegalArgumentException("the entry is not an object of texts and numbers, at character " + at);
    }
}
