package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Logs for tests, of entries that say which one they are. */
final class Logs {
    static final Duration LONG = Duration.ofMinutes(1);
    static final NoteSigner SIGNER = NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC());
    static final TransparencyLog.Identity IDENTITY = identity(SIGNER);

    private Logs() {}

    static TransparencyLog.Identity identity(NoteSigner signer) {
        return new TransparencyLog.Identity("log.test", List.of(signer), List.of());
    }

    static TransparencyLog open(Path directory) {
        return TransparencyLog.open(directory, IDENTITY, LONG);
    }

    static List<byte[]> entries(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(i -> ("entry " + i).getBytes(UTF_8))
                .toList();
    }

    static void make(Path directory, long... sizes) {
        try (TransparencyLog log = open(directory)) {
            for (long size : sizes) {
                log.append(entries(log.head().treeSize(), size));
            }
        }
    }
}
