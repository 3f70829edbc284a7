package io.palimpsest.index.weaviate;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a server takes no writes, by its words, and what to do. Source: {@code shard_status.go} and {@code resource_use.go} of
 * Weaviate 1.35.2, which never looks at disk and memory again once one of them was full, not even when shards are set to
 * READY; a new process does.
 */
final class ReadOnly {
    private static final List<String> WORDS = List.of("read-only", "read only", "readonly");
    private static final String BY_HAND = "manually set";
    private static final String MEMORY = "memory usage";

    private ReadOnly() {}

    static boolean is(@Nullable String words) {
        String lower = lower(words);
        return WORDS.stream().anyMatch(lower::contains);
    }

    /** @param words of the server */
    static String reason(@Nullable String words) {
        String lower = lower(words);
        if (lower.contains(BY_HAND)) {
            return "is read-only, as somebody has set its shards to READONLY: set them to READY";
        }
        if (lower.contains(MEMORY)) {
            return "is read-only, as its memory was full (MEMORY_READONLY_PERCENTAGE): give it more, and start it again";
        }
        return "is read-only, as it is after its disk was full (DISK_USE_READONLY_PERCENTAGE): make room, and start it again"
                + " where it does not go on by itself; with shards set to READY by hand it may fill its disk up";
    }

    private static String lower(@Nullable String words) {
        return String.valueOf(words).toLowerCase(Locale.ROOT);
    }
}
