package io.palimpsest.index.answer;

/** A range of UTF-16 units in a text: {@code [start, end)}, not empty. */
record Span(int start, int end) {
    String of(String text) {
        return text.substring(start, end);
    }
}
