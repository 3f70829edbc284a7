package io.palimpsest.ingest.revise;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentExtracted.Outcome;
import io.palimpsest.contracts.event.DocumentRevised;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one document between the gate and the index.
 *
 * @param newest accepted state with the highest version
 * @param result how extraction of the newest content ended; null while it is awaited
 * @param good last result with usable content (extracted or empty) since the document's last delete
 * @param early result of a version that has not been seen as accepted yet
 * @param shown the last revision sent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RevisionState(
        @Nullable DocumentAccepted newest,
        @Nullable DocumentExtracted result,
        @Nullable DocumentExtracted good,
        @Nullable DocumentExtracted early,
        @Nullable DocumentRevised shown) {

    static final RevisionState NEW = new RevisionState(null, null, null, null, null);

    /** Takes an accepted state; one that is not newer changes nothing. */
    RevisionState with(DocumentAccepted accepted) {
        if (newest != null && accepted.version() <= newest.version()) {
            return this;
        }
        boolean sameContent = newest != null && newest.contentVersion() == accepted.contentVersion();
        boolean hasContent = accepted.content() != null;
        RevisionState next = new RevisionState(
                accepted, sameContent && hasContent ? result : null, hasContent ? good : null, early, shown);
        return early == null || early.version() > accepted.version()
                ? next
                : next.withoutEarly().with(early);
    }

    /** Takes an extraction result; one of content that is no longer the newest changes nothing. */
    RevisionState with(DocumentExtracted extracted) {
        if (newest == null || extracted.version() > newest.version()) {
            boolean later = early == null || early.version() < extracted.version() || supersedes(extracted, early);
            return later ? new RevisionState(newest, result, good, extracted, shown) : this;
        }
        boolean awaited = newest.content() != null && extracted.version() == newest.contentVersion();
        if (!awaited || (result != null && !supersedes(extracted, result))) {
            return this;
        }
        return new RevisionState(
                newest, extracted, extracted.outcome() == Outcome.FAILED ? good : extracted, early, shown);
    }

    RevisionState withShown(DocumentRevised revised) {
        return new RevisionState(newest, result, good, early, revised);
    }

    /** Content was accepted, and nothing has been heard of its extraction yet. */
    boolean waiting() {
        return newest != null && newest.effect() != Effect.DELETE && newest.content() != null && result == null;
    }

    private RevisionState withoutEarly() {
        return new RevisionState(newest, result, good, null, shown);
    }

    /** Two results of the same version: a good one beats a failure, else the one that finished later counts. */
    private static boolean supersedes(DocumentExtracted candidate, DocumentExtracted present) {
        if (candidate.version() != present.version()) {
            return candidate.version() > present.version();
        }
        boolean candidateFailed = candidate.outcome() == Outcome.FAILED;
        boolean presentFailed = present.outcome() == Outcome.FAILED;
        return candidateFailed == presentFailed ? candidate.finishedAt().isAfter(present.finishedAt()) : presentFailed;
    }
}
