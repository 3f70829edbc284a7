package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.tlog.EntryBundle;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Entries for tests that look like those of the ledger, and some that a format may stumble over. */
final class Records {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    private Records() {}

    /** Canonical JSON of its index and a time. */
    static byte[] event(long index) {
        return ("{\"index\":" + index + ",\"time\":\"" + BEGIN.plusSeconds(index) + "\"}").getBytes(UTF_8);
    }

    /** The same at another time. */
    static byte[] later(byte[] event) {
        return new String(event, UTF_8).replace("2026-03", "2026-04").getBytes(UTF_8);
    }

    static List<byte[]> events(long from, long to) {
        return LongStream.range(from, to).mapToObj(Records::event).toList();
    }

    /** Among them an empty one, the longest there can be, and bytes that are no text. */
    static List<byte[]> odd(long from, long to) {
        return LongStream.range(from, to).mapToObj(Records::odd).toList();
    }

    private static byte[] odd(long index) {
        Random random = new Random(index);
        if (index == 1) {
            return bytes(random, EntryBundle.MAX_ENTRY);
        }
        return index % 97 == 0 ? new byte[0] : bytes(random, random.nextInt(60));
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
