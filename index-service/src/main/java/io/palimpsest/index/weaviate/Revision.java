package io.palimpsest.index.weaviate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.passages.AccessList;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One revision of a document, a delete mark included: written once, and visible from the commit of its batch on.
 *
 * @param until since when another one is the visible one; a hint for the server's filters, only ever too late
 * @param writer who wrote it
 * @param batch number of the write among those of the writer
 */
record Revision(State state, long until, String writer, long batch) {
    /** Two processes may have written the same version: then all have to choose the same of both. */
    static final Comparator<Revision> BY_VERSION =
            Comparator.comparingLong(Revision::version).thenComparing(Revision::birth);

    /**
     * What does not change.
     *
     * @param document id
     * @param from epoch milliseconds, never before that of the revision it was derived from
     * @param passages id to the birth of the revision that brought it
     */
    record State(
            @JsonProperty("document") String document,
            @JsonProperty("version") long version,
            @JsonProperty("from") long from,
            @JsonProperty("deleted") boolean deleted,
            @JsonProperty("reference") String reference,
            @JsonProperty("access") AccessList access,
            @JsonProperty("labels") Map<String, String> labels,
            @JsonProperty("passages") Map<String, String> passages) {
        State {
            labels = Map.copyOf(labels);
            passages = Map.copyOf(passages);
        }
    }

    long version() {
        return state.version();
    }

    /**
     * Names the attempt to write it. A server that died in the middle of a batch may know objects of it that it does not
     * find by any filter, and leaves them so when the same is written again; so no attempt uses the objects of another.
     */
    String birth() {
        return birth(version(), writer, batch);
    }

    static String birth(long version, String writer, long batch) {
        return version + "@" + writer + "/" + batch;
    }

    String hex() {
        return ObjectIds.hex(state.document());
    }

    DocumentKey key(CollectionKey collection) {
        return DocumentKey.of(collection, state.document());
    }

    boolean isOpen() {
        return until == Fields.LIVE;
    }

    Revision endingAt(long end) {
        return new Revision(state, end, writer, batch);
    }

    /** The one that a moment shows, a delete mark perhaps. */
    static @Nullable Revision at(List<Revision> committed, @Nullable Long asOf) {
        Revision shown = null;
        for (Revision revision : ordered(committed).keySet()) {
            if (asOf == null || effectiveFrom(committed, revision) <= asOf) {
                shown = revision;
            }
        }
        return shown;
    }

    /** Since when it counts: never before its predecessor, whatever order they were written in. */
    static long effectiveFrom(List<Revision> committed, Revision revision) {
        return Objects.requireNonNull(ordered(committed).get(revision), "a revision of the list");
    }

    /** In the order of their versions, each with since when it counts. */
    static SequencedMap<Revision, Long> ordered(List<Revision> committed) {
        SequencedMap<Revision, Long> ordered = new TreeMap<>(BY_VERSION);
        long from = Long.MIN_VALUE;
        for (Revision revision : committed.stream().sorted(BY_VERSION).toList()) {
            from = Math.max(from, revision.state().from());
            ordered.put(revision, from);
        }
        return ordered;
    }

    /** Of its object. */
    String id() {
        return ObjectIds.revision(hex(), birth());
    }

    Item item() {
        return new Item(
                id(),
                Map.of(
                        Fields.DOCUMENT,
                        hex(),
                        Fields.UNTIL,
                        until,
                        Fields.ALIVE,
                        !state.deleted(),
                        Fields.PASSAGES,
                        state.passages().size(),
                        Fields.WRITER,
                        writer,
                        Fields.BATCH,
                        batch,
                        Fields.STATE,
                        Json.writeText(state)),
                null,
                0);
    }

    static Revision of(Item item) {
        return of(item, state(item));
    }

    /** @param head without its state */
    static Revision of(Item head, State state) {
        return new Revision(state, head.number(Fields.UNTIL), head.text(Fields.WRITER), head.number(Fields.BATCH));
    }

    static State state(Item item) {
        return Json.read(item.text(Fields.STATE).getBytes(StandardCharsets.UTF_8), State.class);
    }
}
