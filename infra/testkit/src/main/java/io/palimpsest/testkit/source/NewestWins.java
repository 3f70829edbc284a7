package io.palimpsest.testkit.source;

import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The oracle of law 2: sorts each document's changes by position and applies them one after the other, the slow and obvious
 * way. Changes without a position count in order of first arrival, after everything that arrived before them.
 */
public final class NewestWins {
    private NewestWins() {}

    /**
     * What must be visible of a document.
     *
     * @param content null: nothing to show (deleted, or only property changes since)
     * @param deleted true when a delete came last
     */
    public record Expected(
            boolean deleted,
            @Nullable ContentReference content,
            @Nullable String title,
            @Nullable String location,
            @Nullable List<String> access,
            @Nullable Map<String, String> labels,
            @Nullable Boolean sensitive) {
        static final Expected NOTHING = new Expected(false, null, null, null, null, null, null);
        static final Expected DELETED = new Expected(true, null, null, null, null, null, null);
    }

    /** @param arrivals in order of arrival, repetitions included */
    public static Map<DocumentKey, Expected> of(List<DocumentChanged> arrivals) {
        Map<DocumentKey, List<Placed>> placed = new LinkedHashMap<>();
        Map<DocumentKey, Position> highest = new HashMap<>();
        Set<ChangeId> seen = new HashSet<>();
        for (DocumentChanged change : arrivals) {
            if (seen.add(change.changeId())) {
                Position known = highest.getOrDefault(change.key(), Position.NONE);
                Position at = change.position() == null ? known.successor() : change.position();
                highest.put(change.key(), Position.max(known, at));
                placed.computeIfAbsent(change.key(), k -> new ArrayList<>()).add(new Placed(at, change));
            }
        }
        Map<DocumentKey, Expected> expected = new LinkedHashMap<>();
        placed.forEach((key, changes) -> expected.put(key, fold(changes)));
        return expected;
    }

    private record Placed(Position at, DocumentChanged change) {}

    private static Expected fold(List<Placed> changes) {
        Expected state = Expected.NOTHING;
        for (Placed placed :
                changes.stream().sorted(Comparator.comparing(Placed::at)).toList()) {
            state = apply(state, placed.change());
        }
        return state;
    }

    private static Expected apply(Expected s, DocumentChanged change) {
        DocumentProperties p = change.properties();
        return switch (change.type()) {
            case DELETED -> Expected.DELETED;
            case CREATED, UPDATED ->
                new Expected(
                        false,
                        change.content(),
                        p.title(),
                        p.location(),
                        sorted(or(p.access(), List.of(DocumentProperties.EVERYONE))),
                        or(p.labels(), Map.of()),
                        or(p.sensitive(), false));
            case MOVED ->
                new Expected(
                        s.deleted() && p.title() == null && p.location() == null,
                        s.content(),
                        p.title() == null ? s.title() : p.title(),
                        p.location() == null ? s.location() : p.location(),
                        s.access(),
                        s.labels(),
                        s.sensitive());
            case ACCESS_CHANGED ->
                new Expected(
                        s.deleted() && p.access() == null && p.labels() == null && p.sensitive() == null,
                        s.content(),
                        s.title(),
                        s.location(),
                        p.access() == null ? s.access() : sorted(p.access()),
                        p.labels() == null ? s.labels() : p.labels(),
                        p.sensitive() == null ? s.sensitive() : p.sensitive());
        };
    }

    private static List<String> sorted(List<String> access) {
        return access.stream().sorted().toList();
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
