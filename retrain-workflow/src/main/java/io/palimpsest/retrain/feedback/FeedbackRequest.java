package io.palimpsest.retrain.feedback;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.FeedbackGiven.Kind;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Feedback that can be meant: of its kind, and with what the kind needs.
 *
 * @param value thumb: -1 or 1; click: rank from 1, or null with a document; rating: 1 to 5; otherwise null
 * @param passage only with a document
 * @param text of a correction or comment, at most {@value #MAX_TEXT} characters; otherwise null
 */
public record FeedbackRequest(
        String queryId,
        Kind kind,
        @Nullable Integer value,
        @Nullable DocumentId document,
        @Nullable PassageId passage,
        @Nullable String text) {
    public static final int MAX_TEXT = 4_000;
    private static final int MAX_RANK = 1_000;
    private static final int MAX_RATING = 5;

    /** As it comes over HTTP. */
    public record Body(
            @Nullable String queryId,
            @Nullable String kind,
            @Nullable Integer value,
            @Nullable String document,
            @Nullable String passage,
            @Nullable String text) {

        /** @throws PalimpsestException {@link ErrorCode#FEEDBACK_INVALID} */
        public FeedbackRequest toRequest() {
            if (queryId == null || queryId.isBlank() || queryId.length() > 64) {
                throw invalid("queryId: missing");
            }
            try {
                return new FeedbackRequest(
                        queryId,
                        Kind.valueOf(Objects.requireNonNullElse(kind, "").toUpperCase(Locale.ROOT)),
                        value,
                        document == null ? null : new DocumentId(document),
                        passage == null ? null : new PassageId(passage),
                        text);
            } catch (IllegalArgumentException e) {
                throw invalid("kind, document or passage: not one that there is");
            }
        }
    }

    public FeedbackRequest {
        String problem = problem(kind, value, document, passage, text);
        if (problem != null) {
            throw invalid(kind.name().toLowerCase(Locale.ROOT) + ": " + problem);
        }
    }

    private static @Nullable String problem(
            Kind kind,
            @Nullable Integer value,
            @Nullable DocumentId document,
            @Nullable PassageId passage,
            @Nullable String text) {
        if (passage != null && document == null) {
            return "a passage needs its document";
        }
        boolean inWords = kind == Kind.CORRECTION || kind == Kind.COMMENT;
        if (inWords != (text != null && !text.isBlank())) {
            return inWords ? "text is missing" : "takes no text";
        }
        if (text != null && text.length() > MAX_TEXT) {
            return "text has " + text.length() + " characters, at most " + MAX_TEXT + " are taken";
        }
        return switch (kind) {
            case THUMB -> value != null && (value == 1 || value == -1) ? null : "value is -1 or 1";
            case RATING -> within(value, MAX_RATING) ? null : "value is 1 to " + MAX_RATING;
            case CLICK ->
                value == null
                        ? (document == null ? "give the rank as value, or the document" : null)
                        : (within(value, MAX_RANK) ? null : "value is the rank, from 1");
            case CORRECTION, COMMENT -> value == null ? null : "takes no value";
        };
    }

    private static boolean within(@Nullable Integer value, int most) {
        return value != null && value >= 1 && value <= most;
    }

    private static PalimpsestException invalid(String message) {
        return new PalimpsestException(ErrorCode.FEEDBACK_INVALID, message);
    }
}
