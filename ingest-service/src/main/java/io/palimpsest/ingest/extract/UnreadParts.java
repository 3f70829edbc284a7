package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.extract.fork.ResultEmitter;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Parts of a document (entries of an archive, attachments) that its parser passed over, counted by the code that each
 * would have failed with as a document of its own.
 */
record UnreadParts(Map<ErrorCode, Integer> counts) {
    UnreadParts {
        counts = Collections.unmodifiableMap(counts);
    }

    static UnreadParts of(Properties properties) {
        Map<ErrorCode, Integer> counts = new EnumMap<>(ErrorCode.class);
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(ResultEmitter.UNREAD))
                .map(name -> FailureClassifier.codeOf(properties.getProperty(name)))
                .forEach(code -> counts.merge(code, 1, Integer::sum));
        return new UnreadParts(counts);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Of a document of which nothing else was read: a password outweighs the rest, for whoever has it can mend that. */
    ErrorCode code() {
        return counts.containsKey(ErrorCode.EXTRACT_ENCRYPTED)
                ? ErrorCode.EXTRACT_ENCRYPTED
                : Collections.max(counts.entrySet(), Comparator.comparingInt(Map.Entry::getValue))
                        .getKey();
    }

    /** For people, without names: {@code parts that were not read: 2 under a password (PAL-308)}. */
    String text() {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + reason(count.getKey()) + " ("
                        + count.getKey().id() + ")")
                .collect(Collectors.joining(", ", "parts that were not read: ", ""));
    }

    private static String reason(ErrorCode code) {
        return switch (code) {
            case EXTRACT_ENCRYPTED -> "under a password";
            case EXTRACT_UNSUPPORTED_TYPE -> "of a form that no parser reads";
            case EXTRACT_CORRUPT -> "damaged";
            default -> "over a limit";
        };
    }
}
