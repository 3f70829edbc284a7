package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How fast changes end: over the last seconds where enough ended in them, over the last minute else, and in neither from
 * before the first of them was received, which is when the work began.
 *
 * @param ended changes that ended in the time
 * @param time that they took together; positive
 */
record Pace(long ended, Duration time) {
    private static final Duration SHORT = Duration.ofSeconds(10); // arbitrary
    private static final Duration LONG = Duration.ofSeconds(60); // arbitrary
    /** So many ended are a pace: a batch of the index must not be one by itself. Arbitrary. */
    private static final long ENOUGH = 20;

    private static final String ENDED_SINCE = """
            SELECT collection, COUNT(*) AS n, MIN(received_at) AS first_received FROM document_change
            WHERE tenant = ? AND ended_at >= ? GROUP BY collection
            """;

    /** What ended of one collection, or of several. */
    private record Ended(long count, Instant from) {
        Ended plus(Ended other) {
            return new Ended(count + other.count, from.isBefore(other.from) ? from : other.from);
        }
    }

    /** Paces of the collections of a tenant at one moment. */
    static final class Paces {
        private final Map<String, Ended> lately;
        private final Map<String, Ended> longer;
        private final Instant now;

        /** @param started before it nothing was done: the work of an earlier process is no pace of this one */
        Paces(Sql sql, TenantId tenant, Instant started, Instant now) {
            this.lately = since(sql, tenant, later(started, now.minus(SHORT)));
            this.longer = since(sql, tenant, later(started, now.minus(LONG)));
            this.now = now;
        }

        /** Of the collections together; null where nothing moved. */
        @Nullable
        Pace of(Iterable<String> collections) {
            Ended recent = sum(lately, collections);
            Ended ended = recent != null && recent.count() >= ENOUGH ? recent : sum(longer, collections);
            if (ended == null) {
                return null;
            }
            Duration time = Duration.between(ended.from(), now);
            return new Pace(ended.count(), time.toMillis() > 0 ? time : Duration.ofMillis(1));
        }

        private static @Nullable Ended sum(Map<String, Ended> ended, Iterable<String> collections) {
            Ended sum = null;
            for (String collection : collections) {
                Ended one = ended.get(collection);
                if (one != null) {
                    sum = sum == null ? one : sum.plus(one);
                }
            }
            return sum;
        }

        private static Map<String, Ended> since(Sql sql, TenantId tenant, Instant from) {
            return sql
                    .query(
                            ENDED_SINCE,
                            row -> {
                                Instant first = Columns.instant(row, "first_received");
                                return Map.entry(
                                        row.getString("collection"),
                                        new Ended(row.getLong("n"), first == null ? from : later(from, first)));
                            },
                            Columns.of(tenant, from))
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Ended::plus, TreeMap::new));
        }

        private static Instant later(Instant a, Instant b) {
            return a.isAfter(b) ? a : b;
        }
    }

    /** Milliseconds until as many have ended. */
    long millisFor(long changes) {
        return changes * time.toMillis() / ended;
    }
}
