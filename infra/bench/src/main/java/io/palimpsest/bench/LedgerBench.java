package io.palimpsest.bench;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.ledger.sequence.Salts;
import io.palimpsest.ledger.sequence.Sequencer;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.verifier.Verification;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InclusionProof;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.pack.EvidencePack;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The log on this machine's disk: entries per second that are sequenced (found to be new, salted, appended, on the disk, under a
 * published checkpoint, in the index), and a large log's start, proofs and memory.
 */
final class LedgerBench {
    /** As many as the sequencer takes at once. */
    private static final int BATCH = 5_000;

    private static final int SUBJECTS = 20_000;
    private static final int PROOFS = 2_000;
    private static final int PACKED = 100_000;

    private final Report report;
    private final NoteSigner signer = NoteSigner.generate("bench", KeyType.ED25519, Clock.systemUTC());
    private final TransparencyLog.Identity identity = new TransparencyLog.Identity("bench", List.of(signer), List.of());

    LedgerBench(Report report) {
        this.report = report;
    }

    /** @param large entries of the log that is started and proven from */
    void run(int large) throws IOException, InvalidProofException {
        Path directory = Files.createTempDirectory("ledger-bench");
        try {
            sequenced(directory, 100_000);
            appended(directory.resolve("large"), large);
            started(directory.resolve("large"), large);
            packed(directory, Math.min(large, PACKED));
        } finally {
            delete(directory);
        }
    }

    private void sequenced(Path directory, int entries) {
        DatabaseSettings settings = Settings.defaults(directory.resolve("data")).database();
        try (Database database = Database.open(settings);
                TransparencyLog log = TransparencyLog.open(directory.resolve("log"), identity, Duration.ofSeconds(1))) {
            EntryIndex index = new EntryIndex(database.sql(), log, Clock.systemUTC());
            Sequencer sequencer = new Sequencer(log, index, new Salts(database.sql()));
            List<Double> rates = new ArrayList<>();
            long began = System.nanoTime();
            for (int from = 0; from < entries; from += BATCH) {
                List<LedgerEntry> batch = batch(from);
                long batchBegan = System.nanoTime();
                int added = sequencer.append(batch);
                rates.add(added / seconds(System.nanoTime() - batchBegan));
            }
            double all = entries / seconds(System.nanoTime() - began);
            report.row(
                    "ledger-sequencer",
                    Map.of(
                            "entries",
                            entries,
                            "per-second",
                            Math.round(all),
                            "slowest-batch-per-second",
                            Math.round(rates.stream()
                                    .min(Comparator.naturalOrder())
                                    .orElse(0.0)),
                            "checkpoints",
                            entries / BATCH));
        }
    }

    private void appended(Path directory, int entries) {
        List<Long> times = new ArrayList<>();
        try (TransparencyLog log = TransparencyLog.open(directory, identity, Duration.ofSeconds(1))) {
            for (int from = 0; from < entries; from += BATCH) {
                List<byte[]> batch = leaves(from, Math.min(entries, from + BATCH));
                long began = System.nanoTime();
                log.append(batch);
                times.add(System.nanoTime() - began);
            }
        }
        double all = seconds(times.stream().mapToLong(Long::longValue).sum());
        report.row(
                "ledger-append",
                Map.of(
                        "entries", entries,
                        "per-second", Math.round(entries / all),
                        "slowest-batch-ms",
                                TimeUnit.NANOSECONDS.toMillis(times.stream()
                                        .max(Comparator.naturalOrder())
                                        .orElse(0L))));
    }

    private void started(Path directory, int entries) throws InvalidProofException {
        long before = heap();
        long began = System.nanoTime();
        try (TransparencyLog log = TransparencyLog.open(directory, identity, Duration.ofSeconds(1))) {
            double start = seconds(System.nanoTime() - began);
            report.row(
                    "ledger-start",
                    Map.of("entries", entries, "seconds", start, "heap-bytes", Math.max(0, heap() - before)));
            Random random = new Random(7);
            List<Double> millis = new ArrayList<>();
            int longest = 0;
            for (int i = 0; i < PROOFS; i++) {
                long leaf = random.nextInt(entries);
                long asked = System.nanoTime();
                InclusionProof proof = log.tree().inclusion(leaf, entries);
                millis.add((System.nanoTime() - asked) / 1e6);
                byte[] entry = log.entry(leaf);
                proof.verify(Hash.leaf(entry), log.head().checkpoint().rootHash());
                longest = Math.max(
                        longest, LogProof.of(entry, proof, log.head().note()).bytes().length);
            }
            Latencies latencies = Latencies.of(millis);
            report.row(
                    "ledger-proof",
                    Map.of(
                            "entries",
                            entries,
                            "p50-ms",
                            latencies.p50(),
                            "p99-ms",
                            latencies.p99(),
                            "longest-bytes",
                            longest));
        }
    }

    /** As an auditor verifies it: a file, a key. */
    private void packed(Path directory, int entries) throws IOException {
        Path file = directory.resolve("pack.zip");
        try (TransparencyLog log = TransparencyLog.open(directory.resolve("large"), identity, Duration.ZERO);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            long size = log.head().treeSize();
            long first = (size - entries) / 2;
            new EvidencePack(
                            log.entries(first, first + entries),
                            log.tree().leaves(first, entries, size),
                            log.head().note(),
                            List.of())
                    .write(out, Map.of());
        }
        long began = System.nanoTime();
        boolean holds = Verification.of(file, List.of(signer.key().text())).holds();
        report.row(
                "ledger-pack",
                Map.of(
                        "entries", entries,
                        "bytes", Files.size(file),
                        "verified-in-seconds", seconds(System.nanoTime() - began),
                        "holds", Boolean.toString(holds)));
    }

    private static List<LedgerEntry> batch(int from) {
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        LedgerEntries.Scope scope = new LedgerEntries.Scope(new TenantId("local"), new CollectionId("default"));
        List<LedgerEntry> batch = new ArrayList<>();
        for (int i = from; i < from + BATCH; i++) {
            batch.add(entries.entry(
                    LedgerEntry.Type.REVISION_VISIBLE,
                    Instant.ofEpochMilli(1_700_000_000_000L + i),
                    "service:index",
                    scope,
                    "act " + i,
                    Map.of("revision", "3f2c" + i, "generation", "g1", "passages", "12"),
                    "local/default/urn:" + i % SUBJECTS));
        }
        return batch;
    }

    /** Of the length of real ones. */
    private static List<byte[]> leaves(int from, int to) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = from; i < to; i++) {
            leaves.add((i + "x".repeat(400)).getBytes(StandardCharsets.UTF_8));
        }
        return leaves;
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
