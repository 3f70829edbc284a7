package io.palimpsest.ingest.revise;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.DocumentRevised.State;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the revision that a state calls for, where it differs from the one shown. Pure. */
final class Reviser {
    private Reviser() {}

    /** @param at event time of what caused it; a revision never starts before the one it replaces, nor with it */
    static Optional<DocumentRevised> next(RevisionState state, Instant at) {
        DocumentAccepted newest = state.newest();
        if (newest == null) {
            return Optional.empty();
        }
        DocumentRevised target = state.waiting() ? narrowed(state.shown(), newest, at) : settled(state, newest, at);
        return target == null || saysTheSame(target, state.shown()) ? Optional.empty() : Optional.of(target);
    }

    /** While newer content is awaited: what is shown, without the principals that the newest state no longer admits. */
    private static @Nullable DocumentRevised narrowed(
            @Nullable DocumentRevised shown, DocumentAccepted newest, Instant at) {
        if (shown == null || shown.state() == State.DELETED) {
            return null;
        }
        List<String> access = Narrowing.of(shown.access(), access(newest));
        boolean sensitive = shown.sensitive() || isTrue(newest.properties().sensitive());
        if (new HashSet<>(access).equals(new HashSet<>(shown.access())) && sensitive == shown.sensitive()) {
            return null;
        }
        return new DocumentRevised(
                shown.key(),
                shown.revision() + 1,
                shown.version(),
                shown.contentVersion(),
                newest.changeId(),
                newest.source(),
                shown.state(),
                shown.raw(),
                shown.extracted(),
                shown.passages(),
                shown.passageCount(),
                shown.title(),
                shown.location(),
                shown.mediaType(),
                access,
                shown.labels(),
                sensitive,
                shown.extractor(),
                shown.policy(),
                shown.errorCode(),
                newest.receivedAt(),
                after(shown, at));
    }

    private static DocumentRevised settled(RevisionState state, DocumentAccepted newest, Instant at) {
        if (newest.effect() == DocumentAccepted.Effect.DELETE) {
            return revised(state.shown(), newest, State.DELETED, null, null, at);
        }
        DocumentExtracted result = state.result();
        if (newest.content() == null || result == null) {
            return revised(state.shown(), newest, State.PENDING, null, null, at);
        }
        DocumentExtracted good = state.good();
        ErrorCode error = result.outcome() == Outcome.FAILED ? failureOf(result) : null;
        if (good == null) {
            return revised(state.shown(), newest, State.QUARANTINED, null, error, at);
        }
        State content = good.outcome() == Outcome.EMPTY ? State.EMPTY : State.LIVE;
        return revised(state.shown(), newest, content, good, error, at);
    }

    /** A deletion states no access list: who could see the document last may still see its past. */
    private static DocumentRevised revised(
            @Nullable DocumentRevised shown,
            DocumentAccepted newest,
            State state,
            @Nullable DocumentExtracted content,
            @Nullable ErrorCode error,
            Instant at) {
        DocumentProperties properties = newest.properties();
        boolean live = state == State.LIVE;
        String title = properties.title();
        return new DocumentRevised(
                newest.key(),
                shown == null ? 1 : shown.revision() + 1,
                newest.version(),
                content == null ? 0 : content.version(),
                newest.changeId(),
                newest.source(),
                state,
                content == null ? null : content.raw(),
                live && content != null ? content.extracted() : null,
                live && content != null ? content.passages() : null,
                live && content != null ? content.passageCount() : 0,
                title == null && content != null ? content.title() : title,
                properties.location(),
                content == null ? null : content.mediaType(),
                state == State.DELETED && shown != null ? shown.access() : access(newest),
                Objects.requireNonNullElse(properties.labels(), Map.of()),
                isTrue(properties.sensitive()),
                content == null ? null : content.extractor(),
                content == null ? null : content.policy(),
                error,
                newest.receivedAt(),
                after(shown, at));
    }

    /** Unknown access admits nobody. */
    private static List<String> access(DocumentAccepted accepted) {
        return Objects.requireNonNullElse(accepted.properties().access(), List.of());
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return value != null && value;
    }

    private static ErrorCode failureOf(DocumentExtracted failed) {
        return Objects.requireNonNullElse(failed.errorCode(), ErrorCode.INTERNAL);
    }

    /** Strictly later, so that {@code [validFrom, validTo)} of no revision is empty. */
    private static Instant after(@Nullable DocumentRevised shown, Instant at) {
        if (shown == null || at.isAfter(shown.revisedAt())) {
            return at;
        }
        return shown.revisedAt().plusMillis(1);
    }

    private static boolean saysTheSame(DocumentRevised target, @Nullable DocumentRevised shown) {
        if (shown == null || target.version() != shown.version() || target.state() != shown.state()) {
            return false;
        }
        return target.contentVersion() == shown.contentVersion()
                && Objects.equals(target.extracted(), shown.extracted())
                && Objects.equals(target.passages(), shown.passages())
                && Objects.equals(target.errorCode(), shown.errorCode())
                && Objects.equals(target.extractor(), shown.extractor())
                && Objects.equals(target.policy(), shown.policy())
                && target.access().equals(shown.access())
                && target.sensitive() == shown.sensitive();
    }
}
