package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files and directories of a watched folder, or objects of a watched bucket, that are not taken now, and why: those of the last
 * whole look, and what was noticed since.
 *
 * <p>Threading: safe.
 */
public final class PassedOver {
    /** So many are told; all are counted. */
    public static final int TOLD = 100;

    private static final int SHOWN_CHARS = 200;

    private final Map<String, Reason> reasons = new LinkedHashMap<>();
    private final Set<String> met = new HashSet<>();

    /**
     * One of them, for people.
     *
     * @param path below the folder, or the object's key, shortened; empty for the folder itself
     * @param hint what to do
     */
    public record Entry(String path, String errorCode, String message, String hint) {}

    /** Why one is not taken. */
    public record Reason(ErrorCode code, String message) {
        static Reason of(IOException e) {
            return e instanceof AccessDeniedException
                    ? new Reason(ErrorCode.FILE_UNREADABLE, "no right to read it")
                    : new Reason(ErrorCode.FETCH_FAILED, e.getClass().getSimpleName());
        }
    }

    public synchronized void add(String path, Reason reason) {
        reasons.put(path, reason);
        met.add(path);
    }

    /** It is taken, or gone. */
    public synchronized void remove(String path) {
        reasons.remove(path);
    }

    public synchronized void lookBegins() {
        met.clear();
    }

    /** What the look did not meet again is no longer so. */
    public synchronized void lookEnded() {
        reasons.keySet().retainAll(met);
        met.clear();
    }

    public synchronized long count() {
        return reasons.size();
    }

    public synchronized List<Entry> told() {
        return reasons.entrySet().stream()
                .limit(TOLD)
                .map(entry -> new Entry(
                        shown(entry.getKey()),
                        entry.getValue().code().id(),
                        entry.getValue().message(),
                        entry.getValue().code().hint()))
                .toList();
    }

    /** Paths may be of any length. */
    static String shown(String path) {
        return path.length() > SHOWN_CHARS ? path.substring(0, SHOWN_CHARS) + "..." : path;
    }
}
