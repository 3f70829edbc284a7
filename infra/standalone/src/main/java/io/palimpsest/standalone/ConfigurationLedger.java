package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.config.Thresholds;
import io.palimpsest.platform.ledger.KeptThresholds;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.LocalKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the ledger when the settings in force differ from those of the last start, by the names of the changed keys;
 * of values only those that {@link Thresholds} names leave, secrets are not compared.
 *
 * <p>Ordering and idempotency: the entry is sent before what is remembered changes. A crash between the two sends it
 * again under the same entry id.
 */
final class ConfigurationLedger {
    private static final String FILE = "configuration.json";

    private final Path file;
    private final String actor;
    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final Consumer<Map<String, String>> kept;
    private final Runnable delivered;

    /** The settings of the last start; {@code change} counts from 1. */
    private record Remembered(long change, TreeMap<String, String> settings) {}

    /**
     * @param actor this process, for the ledger
     * @param kept given the settings that an auditor is shown, before the ledger has their hash
     * @param delivered returns when what was recorded has left this process
     */
    ConfigurationLedger(
            Path dataDir,
            String actor,
            LedgerEntries entries,
            LedgerSink ledger,
            Consumer<Map<String, String>> kept,
            Runnable delivered) {
        this.kept = kept;
        this.actor = actor;
        this.file = dataDir.resolve(FILE);
        this.entries = entries;
        this.ledger = ledger;
        this.delivered = delivered;
    }

    /** @throws PalimpsestException CONFIG_INVALID when the data directory cannot be written */
    void record(Settings settings, Instant at) {
        Remembered last = last();
        TreeMap<String, String> now = new TreeMap<>(settings.effective());
        if (last != null && last.settings().equals(now)) {
            return;
        }
        long change = last == null ? 1 : last.change() + 1;
        String hash = ContentHash.of(Json.write(now)).value();
        Map<String, String> thresholds = Thresholds.of(now);
        kept.accept(thresholds);
        ledger.record(entries.entry(
                LedgerEntry.Type.CONFIGURATION_CHANGED,
                at,
                actor,
                new LedgerEntries.Scope(LocalKey.TENANT, null),
                actor + "\n" + change + "\n" + hash,
                Map.of(
                        "thresholds",
                        KeptThresholds.hash(thresholds).value(),
                        "change",
                        Long.toString(change),
                        "configuration",
                        hash,
                        "keys",
                        last == null ? "" : String.join(",", changed(last.settings(), now))),
                null));
        delivered.run();
        remember(new Remembered(change, now));
    }

    private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return keys;
    }

    private @Nullable Remembered last() {
        try {
            return Files.exists(file) ? Json.read(Files.readAllBytes(file), Remembered.class) : null;
        } catch (IOException | UncheckedIOException e) {
            throw unusable(e);
        }
    }

    private void remember(Remembered now) {
        Path next = file.resolveSibling(FILE + ".next");
        try {
            Files.write(next, Json.write(now));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private PalimpsestException unusable(Exception e) {
        return new PalimpsestException(
                ErrorCode.CONFIG_INVALID,
                "the settings of the last start in " + file + " can be neither read nor written: delete the file",
                e);
    }
}
