package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The logs that a witness knows, each by its origin, with the keys that sign its checkpoints: several while it changes them. */
public final class TrustedLogs {
    private final Map<String, List<NoteKey>> keys;

    /** @throws IllegalArgumentException when a key does not sign checkpoints, or a log has none */
    public TrustedLogs(Map<String, List<NoteKey>> keys) {
        Map<String, List<NoteKey>> copy = new LinkedHashMap<>();
        keys.forEach((origin, own) -> copy.put(origin, List.copyOf(own)));
        copy.forEach(TrustedLogs::check);
        this.keys = Map.copyOf(copy);
    }

    /**
     * @param lines each a verifier key, of the log whose origin is the key's name; or an origin, a space, and a verifier key
     * @throws IllegalArgumentException with the reason
     */
    public static TrustedLogs parse(List<String> lines) {
        Map<String, List<NoteKey>> keys = new LinkedHashMap<>();
        for (String line : lines) {
            int space = line.lastIndexOf(' ');
            NoteKey key = NoteKey.parse(line.substring(space + 1));
            String origin = space < 0 ? key.name() : line.substring(0, space);
            keys.computeIfAbsent(origin, each -> new ArrayList<>()).add(key);
        }
        return new TrustedLogs(keys);
    }

    boolean isKnown(String origin) {
        return keys.containsKey(origin);
    }

    /** Whether a key that is trusted for this origin has signed it; what others signed says nothing. */
    boolean isSigned(String origin, SignedNote note) {
        return keys.getOrDefault(origin, List.of()).stream().anyMatch(key -> isSignedBy(key, note));
    }

    private static boolean isSignedBy(NoteKey key, SignedNote note) {
        try {
            return note.signatureBy(key).isPresent();
        } catch (InvalidNoteException e) {
            return false;
        }
    }

    private static void check(String origin, List<NoteKey> own) {
        if (origin.isEmpty() || origin.contains("\n")) {
            throw new IllegalArgumentException("an origin is a line, and not empty");
        }
        if (own.isEmpty()) {
            throw new IllegalArgumentException("there is no key for the log " + origin);
        }
        for (NoteKey key : own) {
            if (key.type() != KeyType.ED25519) {
                throw new IllegalArgumentException(
                        "the key for the log " + origin + " is one of a witness: " + key.name());
            }
        }
    }
}
