package io.palimpsest.ingest.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.Position;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The gate's memory of one document, and its decision on a change.
 *
 * @param version number of accepted changes; kept for ever, so that numbering never restarts
 * @param contentVersion version of the change that the present content came with; 0 without content
 * @param owner source of the last accepted change; null when none is remembered
 * @param registers what the owner's changes add up to
 * @param otherDeletes position of the last delete by each former owner: its late changes must not come back
 * @param deletedOn when the delete was accepted; null unless deleted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DocumentState(
        long version,
        long contentVersion,
        @Nullable String owner,
        Registers registers,
        Map<String, Position> otherDeletes,
        @Nullable Instant deletedOn) {

    static final DocumentState NEW = new DocumentState(0, 0, null, Registers.NONE, Map.of(), null);

    DocumentState {
        otherDeletes = Map.copyOf(otherDeletes);
    }

    /** How a change ends. */
    sealed interface Verdict {
        record Accepted(DocumentState after, DocumentAccepted event) implements Verdict {}

        /** All it says has been overtaken. */
        record Stale() implements Verdict {}

        /** The document belongs to another source. */
        record Foreign(String owner) implements Verdict {}
    }

    Verdict decide(DocumentChanged arrived, List<String> defaultAccess, Instant now) {
        DocumentChanged change = arrived.namesNoSource() && owner != null ? arrived.from(owner) : arrived;
        if (owner != null && !owner.equals(change.source()) && registers.status() != Registers.Status.DELETED) {
            return new Verdict.Foreign(owner);
        }
        DocumentState before = ownedBy(change.source());
        Position at = change.position() == null ? before.registers.highest().successor() : change.position();
        Registers joined = before.registers.join(Registers.of(change, at, defaultAccess));
        if (joined.sameAs(before.registers)) {
            return new Verdict.Stale();
        }
        return before.accept(change, at, joined, now);
    }

    /** What is left of a deleted document when the delete itself may be forgotten. */
    DocumentState forgotten() {
        return new DocumentState(version, 0, null, Registers.NONE, Map.of(), null);
    }

    private Verdict accept(DocumentChanged change, Position at, Registers joined, Instant now) {
        long next = version + 1;
        Effect effect = effect(joined);
        long nextContent = switch (effect) {
            case CONTENT -> next;
            case PROPERTIES -> joined.content() == null ? 0 : contentVersion;
            case DELETE -> 0;
        };
        Registers.Content content =
                joined.content() == null ? null : joined.content().value();
        DocumentAccepted event = new DocumentAccepted(
                change.key(),
                next,
                change.changeId(),
                change.source(),
                at,
                effect,
                nextContent,
                content == null ? null : content.reference(),
                effect == Effect.DELETE ? DocumentProperties.NONE : joined.properties(),
                change.receivedAt(),
                now);
        DocumentState after = new DocumentState(
                next, nextContent, change.source(), joined, otherDeletes, effect == Effect.DELETE ? now : null);
        return new Verdict.Accepted(after, event);
    }

    private Effect effect(Registers joined) {
        Register<Registers.Content> was = registers.content();
        Register<Registers.Content> is = joined.content();
        if (is == null) {
            return joined.status() == Registers.Status.DELETED ? Effect.DELETE : Effect.PROPERTIES;
        }
        if (was == null || was.value() == null || is.value() == null) {
            return Effect.CONTENT;
        }
        return was.equals(is) || was.value().sameBytes(is.value()) ? Effect.PROPERTIES : Effect.CONTENT;
    }

    /** Positions of two sources cannot be compared: a new owner starts with what it said itself before, its last delete. */
    private DocumentState ownedBy(String source) {
        if (owner == null || Objects.equals(owner, source)) {
            return this;
        }
        Map<String, Position> deletes = new TreeMap<>(otherDeletes);
        deletes.put(owner, registers.deletedAt());
        Position own = Objects.requireNonNullElse(deletes.remove(source), Position.NONE);
        Registers fresh = new Registers(own, null, null, null, null, null, null);
        return new DocumentState(version, 0, owner, fresh, deletes, deletedOn);
    }
}
