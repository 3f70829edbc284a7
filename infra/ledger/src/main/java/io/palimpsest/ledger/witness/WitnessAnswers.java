package io.palimpsest.ledger.witness;

import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.OtherSize;
import io.palimpsest.ledger.witness.WitnessOutcome.Refused;
import io.palimpsest.ledger.witness.WitnessOutcome.Unusable;
import io.palimpsest.verifier.note.Cosignature;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSignature;
import io.palimpsest.verifier.note.SignedNote;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the answers of a witness mean. Nothing in them is believed that its key does not prove. */
final class WitnessAnswers {
    /** How far the clock of a witness may be ahead of ours; arbitrary. */
    static final Duration AHEAD = Duration.ofMinutes(5);

    private static final int WHY = 200;
    private static final Pattern SIZE = Pattern.compile("(0|[1-9]\\d{0,18})\n");

    private final NoteKey key;
    private final Clock clock;

    WitnessAnswers(NoteKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    WitnessOutcome outcome(SignedNote note, HttpResponse<byte[]> answer) {
        return outcome(
                note,
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.body());
    }

    /** @param note that was to be cosigned */
    WitnessOutcome outcome(SignedNote note, int status, String type, byte[] body) {
        if (status == 200) {
            return cosigned(note, body);
        }
        if (status == 409 && isSize(type)) {
            return otherSize(body);
        }
        return new Refused(status, firstLine(body));
    }

    private WitnessOutcome cosigned(SignedNote note, byte[] body) {
        try {
            Optional<NoteSignature> signature =
                    SignedNote.parse(joined(note.text(), body)).signatureBy(key);
            if (signature.isEmpty()) {
                return new Unusable("there is no cosignature by " + key.name() + " in the answer");
            }
            Instant at = Cosignature.time(signature.get());
            Instant latest = clock.instant().plus(AHEAD);
            return at.isAfter(latest)
                    ? new Unusable("the cosignature is of " + at + ", and that has not come yet")
                    : new Cosigned(signature.get(), at);
        } catch (InvalidNoteException | IllegalArgumentException e) {
            return new Unusable(String.valueOf(e.getMessage()));
        }
    }

    private static WitnessOutcome otherSize(byte[] body) {
        Matcher size = SIZE.matcher(new String(body, StandardCharsets.ISO_8859_1));
        try {
            return size.matches()
                    ? new OtherSize(Long.parseLong(size.group(1)))
                    : new Unusable("its size is not a line with a decimal number");
        } catch (NumberFormatException e) {
            return new Unusable("its size is more than a log can have");
        }
    }

    private static boolean isSize(String type) {
        return List.of(type.split(";", 2))
                .getFirst()
                .strip()
                .toLowerCase(Locale.ROOT)
                .equals(WitnessServer.SIZE_TYPE);
    }

    private static byte[] joined(String text, byte[] signatures) {
        ByteArrayOutputStream note = new ByteArrayOutputStream();
        note.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
        note.writeBytes(signatures);
        return note.toByteArray();
    }

    /** It comes from outside, and may come into a log. */
    private static String firstLine(byte[] body) {
        String line = new String(body, 0, Math.min(body.length, WHY), StandardCharsets.ISO_8859_1);
        return line.lines().findFirst().orElse("").replaceAll("[^\\x20-\\x7e]", "?");
    }
}
