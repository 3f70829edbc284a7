package io.palimpsest.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Law 12 under {@code kill -9}: a log that ends at any byte begins again as the continuation of all that it ever published. */
final class LogCrashTest {
    @Property(tries = 100)
    void aLogThatEndsAtAnyByteContinuesWhatItPublished(@ForAll long seed) throws Exception {
        Path directory = Files.createTempDirectory("log");
        try {
            Random random = new Random(seed);
            List<Checkpoint> published = new ArrayList<>();
            long acknowledged = 0;
            for (int life = 0; life < 6; life++) {
                BreakingDisk disk = new BreakingDisk(random.nextInt(60_000));
                acknowledged = Math.max(acknowledged, live(directory, disk, random, acknowledged));
                published.addAll(disk.published());
                continues(directory, published, acknowledged);
            }
        } finally {
            delete(directory);
        }
    }

    /** @return how many entries it took */
    private static long live(Path directory, BreakingDisk disk, Random random, long atLeast) {
        long acknowledged = atLeast;
        TransparencyLog log = null;
        try {
            log = TransparencyLog.open(directory, Logs.IDENTITY, Logs.LONG, disk);
            while (true) {
                long from = log.head().treeSize();
                // What was not acknowledged may come again as something else.
                List<byte[]> entries = new ArrayList<>(Logs.entries(from, from + 1 + random.nextInt(400)));
                entries.set(0, new byte[random.nextInt(3000)]);
                acknowledged = log.append(entries) + entries.size();
            }
        } catch (BreakingDisk.Killed e) {
            return acknowledged;
        } finally {
            if (log != null) {
                log.close(); // as the end of the process does
            }
        }
    }

    private static void continues(Path directory, List<Checkpoint> published, long acknowledged) throws Exception {
        try (TransparencyLog log = Logs.open(directory)) {
            Checkpoint head = log.head().checkpoint();
            assertThat(head.treeSize()).isGreaterThanOrEqualTo(acknowledged);
            for (Checkpoint earlier : published) {
                log.tree().consistency(earlier.treeSize(), head.treeSize()).verify(earlier.rootHash(), head.rootHash());
            }
            assertThat(log.check().leavesAgree(0, () -> true))
                    .isEqualTo(log.check().bundles());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
