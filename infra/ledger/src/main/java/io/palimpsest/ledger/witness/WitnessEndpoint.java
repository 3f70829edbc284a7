package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.note.NoteKey;
import java.net.URI;

/**
 * A witness and where it is; its name is that of its key.
 *
 * @param submissionPrefix what {@code /add-checkpoint} comes after, with or without a slash at its end
 */
public record WitnessEndpoint(NoteKey key, URI submissionPrefix) {
    public WitnessEndpoint {
        String scheme = submissionPrefix.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || submissionPrefix.getHost() == null) {
            throw new IllegalArgumentException(
                    "the address of witness " + key.name() + " begins with http:// or https://, and has a host");
        }
        if (submissionPrefix.getRawQuery() != null || submissionPrefix.getRawFragment() != null) {
            throw new IllegalArgumentException("the address of witness " + key.name() + " ends with a path");
        }
    }

    public String name() {
        return key.name();
    }

    URI addCheckpoint() {
        String prefix = submissionPrefix.toString();
        return URI.create((prefix.endsWith("/") ? prefix : prefix + "/") + "add-checkpoint");
    }
}
