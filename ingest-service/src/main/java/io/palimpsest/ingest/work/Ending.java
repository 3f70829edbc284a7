package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;

/** How one attempt at a piece of work ended. */
sealed interface Ending {
    /** With a fact for the topic. */
    record Finished(DocumentExtracted fact) implements Ending {}

    /** It is large: the other lane goes on with what is stored now. */
    record Rerouted(DocumentAccepted work) implements Ending {}

    /** It may succeed later. */
    record Later(ErrorCode code, String message) implements Ending {}
}
