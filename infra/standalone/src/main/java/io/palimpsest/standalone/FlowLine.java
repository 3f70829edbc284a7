package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code /v1/status} says of the flow, for people: how far it is, and what it passed over.
 *
 * @param status as the server told it
 */
record FlowLine(JsonNode status) {

    /** Folders are listed, what they published has arrived, and nothing is in flight. */
    boolean isIdle() {
        long published = 0;
        for (JsonNode folder : folders()) {
            if (folder.path("listing").asBoolean()) {
                return false;
            }
            published += folder.path("published").asLong();
        }
        return inFlight() == 0 && total().path("received").asLong() >= published;
    }

    /** How far it is, in one line. */
    String text() {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "documents %,d accepted, %,d extracted, %,d indexed, %,d failed | passages %,d embedded, %,d reused",
                of("accepted"),
                of("extracted"),
                of("indexed"),
                of("quarantined") + of("deadLettered"),
                of("passagesEmbedded"),
                of("passagesReused")));
        append(line, " | %,d files to publish", toPublish());
        append(line, " | %,d passed over", sum("unreadable"));
        append(line, " | %,d deletes held", sum("heldDeletes"));
        return line.append(" | ETA ").append(eta()).toString();
    }

    /** Folders that do not work now, a line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (JsonNode folder : folders()) {
            if (folder.hasNonNull("problem")) {
                problems.add(place(folder) + folder.path("problem").asText() + "; it is looked at again");
            } else if (folder.path("elsewhere").asBoolean()) {
                problems.add(place(folder) + "another process watches it, this one stands by");
            }
        }
        return problems;
    }

    /** What was left out, and what to do about it; a line each. */
    List<String> exceptions() {
        List<String> exceptions = new ArrayList<>();
        for (JsonNode folder : folders()) {
            long unreadable = folder.path("unreadable").asLong();
            if (unreadable > 0) {
                exceptions.add(place(folder) + "passed over: " + unreadable + " (./palimpsest quarantine list)");
            }
            long held = folder.path("heldDeletes").asLong();
            if (held > 0) {
                exceptions.add(place(folder) + "deletes held: " + held
                        + ", suspiciously many at once (approve them: POST /v1/folders/approve-deletes)");
            }
        }
        if (of("quarantined") > 0) {
            exceptions.add("could not be read: " + of("quarantined") + " (./palimpsest quarantine list)");
        }
        return exceptions;
    }

    private String eta() {
        if (!total().hasNonNull("etaMs") || isCounting() || (inFlight() == 0 && toPublish() > 0)) {
            return "?";
        }
        long known = inFlight() == 0 ? 0 : total().path("etaMs").asLong() * (inFlight() + toPublish()) / inFlight();
        long seconds = (known + 999) / 1000;
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    /** A folder does not yet know how many files it has to publish. */
    private boolean isCounting() {
        for (JsonNode folder : folders()) {
            if (folder.path("listing").asBoolean() && !folder.hasNonNull("toPublish")) {
                return true;
            }
        }
        return false;
    }

    private long toPublish() {
        return sum("toPublish");
    }

    private long inFlight() {
        return total().path("inFlight").path("all").asLong();
    }

    private long of(String count) {
        return total().path(count).asLong();
    }

    private long sum(String count) {
        long sum = 0;
        for (JsonNode folder : folders()) {
            sum += folder.path(count).asLong();
        }
        return sum;
    }

    private JsonNode total() {
        return status.path("total");
    }

    private JsonNode folders() {
        return status.path("folders");
    }

    private static String place(JsonNode folder) {
        return folder.path("folder").asText() + ": ";
    }

    private static void append(StringBuilder line, String words, long count) {
        if (count > 0) {
            line.append(String.format(Locale.ROOT, words, count));
        }
    }
}
