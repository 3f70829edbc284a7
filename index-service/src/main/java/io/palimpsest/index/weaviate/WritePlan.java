package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.ApplyResult.Applied;
import io.palimpsest.index.passages.ApplyResult.Ignored;
import io.palimpsest.index.passages.ApplyResult.Outcome;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.PassageEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a batch of writes comes down to: new revisions, new passages, and outcomes. No I/O. Threading: one thread. */
final class WritePlan {
    private final Map<DocumentKey, Revision> base;
    private final Map<DocumentKey, Revision> latest;
    private final String writer;
    private final long batch;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Map<String, Revision> revisions = new LinkedHashMap<>();
    private final Map<String, NewPassage> passages = new LinkedHashMap<>();

    /** To be added. */
    record NewPassage(
            DocumentKey document, PassageEntry entry, String birth, long from, long to, Map<String, String> labels) {
        NewPassage endingAt(long end) {
            return new NewPassage(document, entry, birth, from, end, labels);
        }
    }

    /** @param base the newest committed revision of each document */
    WritePlan(Map<DocumentKey, Revision> base, String writer, long batch) {
        this.base = Map.copyOf(base);
        this.latest = new HashMap<>(base);
        this.writer = writer;
        this.batch = batch;
    }

    void add(DocumentWrite write) {
        Revision last = latest.get(write.key());
        if (last != null && last.version() >= write.version()) {
            outcomes.add(new Ignored(write.key(), write.version(), last.version()));
            return;
        }
        long at = Math.clamp(write.at().toEpochMilli(), -Fields.LIVE, Fields.LIVE - 1);
        long from = last == null ? at : Math.max(at, last.state().from());
        Map<String, String> ended =
                last == null ? new HashMap<>() : new HashMap<>(last.state().passages());
        Map<String, String> now = write instanceof DocumentWrite.Put put ? keep(put, last, ended, from) : Map.of();
        String hex = ObjectIds.hex(write.key().document().value());
        ended.forEach((id, birth) ->
                passages.computeIfPresent(ObjectIds.passage(hex, id, birth), (key, planned) -> planned.endingAt(from)));
        if (last != null) {
            revisions.computeIfPresent(ObjectIds.revision(hex, last.birth()), (key, planned) -> planned.endingAt(from));
        }
        Revision next = new Revision(state(write, last, from, now), Fields.LIVE, writer, batch);
        revisions.put(ObjectIds.revision(hex, next.birth()), next);
        latest.put(write.key(), next);
        int added = (int) now.values().stream()
                .filter(birth -> birth.equals(next.birth()))
                .count();
        outcomes.add(new Applied(write.key(), write.version(), added, now.size() - added, ended.size()));
    }

    /** Takes what stays out of what ended. */
    private Map<String, String> keep(
            DocumentWrite.Put put, @Nullable Revision last, Map<String, String> ended, long from) {
        boolean relabelled = last != null && !last.state().labels().equals(put.labels());
        String hex = ObjectIds.hex(put.key().document().value());
        Map<String, String> now = new HashMap<>();
        for (PassageEntry entry : put.passages()) {
            String id = entry.id().value();
            String birth = relabelled ? null : ended.remove(id);
            if (birth == null) {
                birth = Revision.birth(put.version(), writer, batch);
                passages.put(
                        ObjectIds.passage(hex, id, birth),
                        new NewPassage(put.key(), entry, birth, from, Fields.LIVE, put.labels()));
            }
            now.put(id, birth);
        }
        return now;
    }

    private static Revision.State state(
            DocumentWrite write, @Nullable Revision last, long from, Map<String, String> passages) {
        String id = write.key().document().value();
        return switch (write) {
            case DocumentWrite.Put put ->
                new Revision.State(
                        id, put.version(), from, false, put.reference(), put.access(), put.labels(), passages);
            case DocumentWrite.Delete delete -> {
                AccessList access =
                        last == null ? new AccessList(Set.of()) : last.state().access();
                yield new Revision.State(id, delete.version(), from, true, "", access, Map.of(), passages);
            }
        };
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    Set<String> revisionIds() {
        return revisions.keySet();
    }

    Set<String> passageIds() {
        return passages.keySet();
    }

    Collection<Revision> revisions() {
        return revisions.values();
    }

    Collection<NewPassage> passages() {
        return passages.values();
    }

    /** Of the newest revision of a document that is written here. */
    AccessList access(DocumentKey document) {
        return Objects.requireNonNull(latest.get(document)).state().access();
    }

    /** Whom the new revision of a document admits and the older ones did not. */
    Map<DocumentKey, Set<String>> widened() {
        Map<DocumentKey, Set<String>> widened = new HashMap<>();
        base.forEach((key, before) -> {
            Set<String> added = new HashSet<>(access(key).principals());
            added.removeAll(before.state().access().principals());
            if (!added.isEmpty()) {
                widened.put(key, added);
            }
        });
        return widened;
    }
}
