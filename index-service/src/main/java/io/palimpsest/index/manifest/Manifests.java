package io.palimpsest.index.manifest;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.verifier.manifest.ManifestHead;
import io.palimpsest.verifier.merkle.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes manifests: reads a generation, keeps the leaves, tells the log. The file is on the disk and the row in the database before
 * the entry is sent; the row is marked once the entry has arrived, and what is not marked is told again, by whichever process.
 *
 * <p>Threading: one thread at a time makes; the rest is safe. Failure: MANIFEST_FAILED, DATABASE_FAILED, those of the index.
 */
public final class Manifests {
    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
    private static final Pattern OURS = Pattern.compile("(run|manifest)\\d+\\.part|[0-9a-f]{32}\\.manifest");
    private static final int BATCH = 100;
    private static final String ACTOR = "service:index";
    private static final long MEBIBYTE = 1 << 20;

    private final ManifestParts parts;
    private final ManifestTable table;
    private final ManifestMaker maker;

    public Manifests(ManifestParts parts) {
        this.parts = parts;
        this.table = new ManifestTable(parts.sql());
        this.maker = new ManifestMaker(
                parts.index(), parts.secret(), parts.settings().dir(), parts.throttle());
    }

    public ManifestTable table() {
        return table;
    }

    /**
     * Of what is in the generation now.
     *
     * @param always false: only where that is something else than in its last manifest
     * @return empty where there is nothing new, or it was stopped
     */
    Optional<ManifestRow> make(
            GenerationRow generation, ManifestRow.Reason reason, boolean always, BooleanSupplier stop) {
        Instant at = parts.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        long began = System.nanoTime();
        Hash salt = Hash.of(SecretFile.random(Hash.SIZE));
        String name = Hash.sha256((generation.id() + "\n" + at).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .hex()
                        .substring(0, 32)
                + ".manifest";
        String known = always
                ? ""
                : table.newest(generation.collection(), generation.id())
                        .map(ManifestRow::content)
                        .orElse("");
        Optional<ManifestMaker.Made> made = maker.make(
                generation.passages().id(), salt, parts.settings().dir().resolve(name), known, stop);
        if (made.isEmpty()) {
            return Optional.empty();
        }
        ManifestMaker.Made written = made.get();
        ManifestRow row = new ManifestRow(
                "",
                generation.collection(),
                generation.id(),
                at,
                reason,
                written.size(),
                written.root().base64(),
                salt.base64(),
                written.content(),
                parts.holder(),
                name,
                written.bytes());
        ManifestRow kept = withId(row, entry(row).entryId());
        table.add(kept);
        boolean unused = tell(List.of(kept));
        parts.telemetry().time(Metric.MANIFEST_TIME, Duration.ofNanos(System.nanoTime() - began), reason.name());
        return Optional.of(kept);
    }

    /** What no process had the time to tell, or could; the same entry is the same act. */
    void tellUntold() {
        List<ManifestRow> untold;
        do {
            untold = table.untold(BATCH);
        } while (!untold.isEmpty() && tell(untold));
    }

    private boolean tell(List<ManifestRow> rows) {
        if (!parts.delivery().deliver(rows.stream().map(this::entry).toList())) {
            LOG.warn("{} manifests were not taken by the ledger's topic; tried again", rows.size());
            return false;
        }
        table.markTold(rows);
        return true;
    }

    /**
     * Removes what is kept too long, and what is too much; the newest of a generation stays while there is that generation.
     *
     * @param generations all there are
     */
    void tidy(List<GenerationRow> generations) {
        Set<GenerationId> there = generations.stream()
                .filter(row -> row.state() != GenerationState.DROPPING)
                .map(GenerationRow::id)
                .collect(Collectors.toSet());
        List<ManifestRow> kept = table.kept(parts.holder());
        Map<GenerationId, String> last = new HashMap<>();
        kept.stream()
                .filter(row -> there.contains(row.generation()))
                .forEach(row -> last.put(row.generation(), row.id()));
        Set<String> newest = new HashSet<>(last.values());
        long bytes = kept.stream().mapToLong(ManifestRow::bytes).sum();
        Instant since = parts.clock().instant().minus(parts.settings().keep());
        for (ManifestRow row : kept) {
            boolean isTooMuch = bytes > parts.settings().mebibytes() * MEBIBYTE;
            if (!newest.contains(row.id()) && (isTooMuch || row.at().isBefore(since))) {
                remove(row);
                bytes -= row.bytes();
            }
        }
    }

    /** Removes what a process that ended left in the folder; none may be in the making. */
    void sweep() {
        Path folder = parts.settings().dir();
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> known = table.files();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (OURS.matcher(name).matches() && !known.contains(name)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.MANIFEST_FAILED, "what is left in " + folder + " cannot be removed: " + e, e);
        }
    }

    private void remove(ManifestRow row) {
        table.notKept(row);
        try {
            Files.deleteIfExists(file(row));
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.MANIFEST_FAILED, "manifest " + row.file() + " cannot be removed: " + e, e);
        }
    }

    Path file(ManifestRow row) {
        String name = row.file();
        if (name == null || !row.holder().equals(parts.holder())) {
            throw new PalimpsestException(
                    ErrorCode.MANIFEST_MISSING,
                    "of the manifest of " + row.at() + " "
                            + (name == null
                                    ? "the root is known, and its leaves are not kept any more"
                                    : "the leaves are with process " + row.holder()));
        }
        return parts.settings().dir().resolve(name);
    }

    private LedgerEntry entry(ManifestRow row) {
        ManifestHead head = new ManifestHead(
                row.generation().value(),
                row.at(),
                row.size(),
                Hash.ofBase64(row.root()),
                Hash.ofBase64(row.salt()),
                parts.secret().get().key().fingerprint(),
                "");
        Map<String, String> facts = new HashMap<>(head.facts());
        facts.put("reason", row.reason().name());
        return parts.entries()
                .ofCollection(
                        LedgerEntry.Type.INDEX_MANIFEST,
                        row.at(),
                        ACTOR,
                        row.collection(),
                        row.generation() + "\n" + row.root(),
                        facts);
    }

    private static ManifestRow withId(ManifestRow row, String id) {
        return new ManifestRow(
                id,
                row.collection(),
                row.generation(),
                row.at(),
                row.reason(),
                row.size(),
                row.root(),
                row.salt(),
                row.content(),
                row.holder(),
                row.file(),
                row.bytes());
    }
}
