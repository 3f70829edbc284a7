package io.palimpsest.index.search;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** Makes query ids: UUID version 7 (RFC 9562 §5.7), so that they sort by time. */
public final class QueryIds {
    private final Clock clock;
    private final SecureRandom random;

    public QueryIds(Clock clock) {
        this.clock = clock;
        this.random = new SecureRandom();
    }

    public String next() {
        long millis = clock.millis();
        long high = (millis << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() >>> 2);
        return new UUID(high, low).toString();
    }
}
