package io.palimpsest.index.search;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** How fresh the index must be: everything received before a moment, or before the given time ago, has been applied. */
public sealed interface MinFreshness {
    Instant bound(Instant now);

    @JsonValue
    String text();

    /** ISO-8601 instant such as {@code 2026-01-31T12:00:00Z}, or duration such as {@code PT2S}. */
    @JsonCreator
    static MinFreshness parse(String text) {
        try {
            return text.startsWith("P") ? new AtMostBehind(Duration.parse(text)) : new Since(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new PalimpsestException(
                    ErrorCode.QUERY_INVALID,
                    "minFreshness: give an ISO-8601 instant (2026-01-31T12:00:00Z) or duration (PT2S)",
                    e);
        }
    }

    /** Everything received before {@code moment} is in the index. */
    record Since(Instant moment) implements MinFreshness {
        @Override
        public Instant bound(Instant now) {
            return moment;
        }

        @Override
        public String text() {
            return moment.toString();
        }
    }

    /** The index is at most {@code lag} behind. */
    record AtMostBehind(Duration lag) implements MinFreshness {
        /** Arbitrary: more than any index can be behind. */
        private static final Duration LONGEST = Duration.ofDays(365_000);

        public AtMostBehind {
            if (lag.isNegative()) {
                throw new PalimpsestException(ErrorCode.QUERY_INVALID, "minFreshness: a duration must not be negative");
            }
            if (lag.compareTo(LONGEST) > 0) {
                throw new PalimpsestException(
                        ErrorCode.QUERY_INVALID, "minFreshness: a duration must not be over " + LONGEST);
            }
        }

        @Override
        public Instant bound(Instant now) {
            return now.minus(lag);
        }

        @Override
        public String text() {
            return lag.toString();
        }
    }
}
