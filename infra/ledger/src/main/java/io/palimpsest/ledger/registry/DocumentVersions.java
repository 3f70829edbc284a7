package io.palimpsest.ledger.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.ledger.sequence.EntryIndex.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every version of a document that was accepted, and where it was visible when, by the entries about it. Pure. */
public final class DocumentVersions {
    /** What ends that a revision is visible in a generation, or begins it. */
    private static final Set<LedgerEntry.Type> TURNS = EnumSet.of(
            LedgerEntry.Type.REVISION_VISIBLE, LedgerEntry.Type.DOCUMENT_DELETED, LedgerEntry.Type.DOCUMENT_HIDDEN);

    private DocumentVersions() {}

    /**
     * One version.
     *
     * @param entry index of the entry in the log; null where only a revision of it is in the log
     * @param effect of the change, such as {@code UPDATED}
     * @param visible nowhere: a newer one overtook it, or it had nothing to show
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Version(
            long version,
            @Nullable Instant acceptedAt,
            @Nullable Long entry,
            @Nullable String effect,
            List<Visible> visible) {}

    /**
     * Where searches found it, and when.
     *
     * @param from inclusive
     * @param until exclusive; null: still
     * @param ended by what; null: still
     * @param entry index of the entry in the log
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Visible(
            String generation,
            long revision,
            Instant from,
            @Nullable Instant until,
            LedgerEntry.@Nullable Type ended,
            long entry) {}

    /** @param entries about the document, in the order of the log; oldest version first */
    public static List<Version> of(List<Found> entries) {
        TreeMap<Long, Found> accepted = new TreeMap<>();
        Map<String, List<Found>> turns = new TreeMap<>();
        for (Found found : entries) {
            if (found.entry().type() == LedgerEntry.Type.CHANGE_ACCEPTED) {
                accepted.putIfAbsent(number(found, "version"), found);
            } else if (TURNS.contains(found.entry().type())) {
                turns.computeIfAbsent(found.entry().facts().getOrDefault("generation", ""), key -> new ArrayList<>())
                        .add(found);
            }
        }
        TreeMap<Long, List<Visible>> visible = new TreeMap<>();
        turns.forEach((generation, ofIt) -> visible(generation, ofIt, visible));
        accepted.keySet().forEach(version -> visible.putIfAbsent(version, List.of()));
        List<Version> versions = new ArrayList<>();
        visible.forEach((version, where) -> versions.add(version(version, accepted.get(version), where)));
        return versions;
    }

    private static Version version(long version, @Nullable Found accepted, List<Visible> where) {
        return accepted == null
                ? new Version(version, null, null, null, where)
                : new Version(
                        version,
                        accepted.entry().at(),
                        accepted.index(),
                        accepted.entry().facts().get("effect"),
                        where);
    }

    /** Processes tell of their batches in any order: what counts is the revision. */
    private static void visible(String generation, List<Found> turns, Map<Long, List<Visible>> versions) {
        TreeMap<Long, Found> byRevision = new TreeMap<>();
        turns.forEach(found -> byRevision.putIfAbsent(number(found, "revision"), found));
        byRevision.forEach((revision, found) -> {
            if (found.entry().type() != LedgerEntry.Type.REVISION_VISIBLE) {
                return;
            }
            Map.Entry<Long, Found> next = byRevision.higherEntry(revision);
            versions.computeIfAbsent(number(found, "version"), key -> new ArrayList<>())
                    .add(new Visible(
                            generation,
                            revision,
                            found.entry().at(),
                            next == null ? null : next.getValue().entry().at(),
                            next == null ? null : next.getValue().entry().type(),
                            found.index()));
        });
    }

    private static long number(Found found, String fact) {
        return Long.parseLong(found.entry().facts().getOrDefault(fact, "0"));
    }
}
