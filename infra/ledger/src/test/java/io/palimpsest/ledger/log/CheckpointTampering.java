package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** With the newest checkpoint: its text, its signature, its form. */
enum CheckpointTampering implements Tampering {
    SIZE_RAISED(forger -> forger.note(note -> note.replace("\n70000\n", "\n70001\n"))),
    SIZE_LOWERED(forger -> forger.note(note -> note.replace("\n70000\n", "\n69950\n"))),
    ROOT_REPLACED(forger -> forger.note(
            note -> note.replace(note.split("\n")[2], Hash.leaf(new byte[0]).base64()))),
    ORIGIN_CHANGED(forger -> forger.note(note -> note.replaceFirst("log.test", "log.tset"))),
    LINE_ADDED(forger -> forger.note(note -> note.replace("\n\n", "\nmore\n\n"))),
    OF_ANOTHER_LOG_BY_THE_SAME_KEY(forger -> forger.resign(text -> text.replace("log.test", "log.other"))),
    WITHOUT_A_ROOT_BY_THE_SAME_KEY(forger -> forger.sign("log.test\n70000\n")),
    SIZE_WITH_A_ZERO_BEFORE_IT_BY_THE_SAME_KEY(
            forger -> forger.resign(text -> text.replace("\n70000\n", "\n070000\n"))),
    SIZE_NEGATIVE_BY_THE_SAME_KEY(forger -> forger.resign(text -> text.replace("\n70000\n", "\n-70000\n"))),
    ROOT_SHORTENED_BY_THE_SAME_KEY(forger -> forger.resign(text -> text.replace(text.split("\n")[2], "AAAA"))),
    CONTROL_CHARACTER_BY_THE_SAME_KEY(forger -> forger.resign(text -> text + "a\tb\n")),
    CONTROL_CHARACTER_AFTER_THE_SIGNATURE(forger -> forger.note(note -> note.substring(0, note.length() - 1) + "\r\n")),
    CONTROL_CHARACTER_BETWEEN_SIGNATURES(forger -> forger.note(note -> note + "\r" + lastLine(note) + "\n")),
    CONTROL_CHARACTER_IN_THE_NAME_OF_ANOTHER_SIGNER(
            forger -> forger.note(note -> note + lastLine(note).replace("log.test", "w\ttness") + "\n")),

    SIGNATURE_WITH_A_BIT_FLIPPED(signature(bytes -> {
        bytes[40] ^= 1;
        return bytes;
    })),
    SIGNATURE_SHORTENED(signature(bytes -> Arrays.copyOf(bytes, bytes.length - 1))),
    SIGNATURE_LENGTHENED(signature(bytes -> Arrays.copyOf(bytes, bytes.length + 1))),
    ID_OF_THE_KEY_CHANGED(signature(bytes -> {
        bytes[0] ^= 1;
        return bytes;
    })),
    NAME_OF_THE_KEY_CHANGED(forger -> forger.note(note -> note.replace("\u2014 log.test", "\u2014 log.tset"))),
    SIGNATURE_WITHOUT_ITS_PADDING(forger -> forger.note(note -> note.substring(0, note.length() - 2) + "\n")),
    SIGNATURE_REMOVED(forger -> forger.note(note -> note.substring(0, note.lastIndexOf("\n\n") + 2))),
    SIGNATURE_OF_AN_EARLIER_CHECKPOINT(forger -> forger.note(note -> note.replace(
            lastLine(note), lastLine(new String(forger.evidence().earlier.get(0), UTF_8))))),
    SIGNED_BY_A_STRANGER_OF_THE_SAME_NAME(forger -> {
        NoteSigner stranger = NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC());
        forger.note(note ->
                note.replace(lastLine(note), stranger.sign(forger.text()).line()));
    }),
    SIGNED_BY_A_STRANGER_WITH_THE_ID_OF_THE_KEY(forger -> {
        NoteSigner stranger = NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC());
        String strange = stranger.sign(forger.text()).line();
        byte[] bytes = decoded(strange);
        System.arraycopy(decoded(lastLine(forger.note())), 0, bytes, 0, Integer.BYTES);
        forger.note(note -> note.replace(lastLine(note), encoded(strange, bytes)));
    }),

    LAST_NEWLINE_REMOVED(forger -> forger.note(note -> note.substring(0, note.length() - 1))),
    BYTES_THAT_ARE_NO_TEXT(forger -> {
        byte[] bytes = forger.note().getBytes(UTF_8);
        bytes[0] = (byte) 0xff;
        forger.checkpoint(bytes);
    }),
    EMPTY(forger -> forger.note(note -> "")),
    MISSING(forger -> forger.delete("checkpoint"));

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that keep nothing
    private final Consumer<Forger> deed;

    CheckpointTampering(Consumer<Forger> deed) {
        this.deed = deed;
    }

    @Override
    public Finding foundIn() {
        return Finding.CHECKPOINT;
    }

    @Override
    public void by(Forger forger) {
        deed.accept(forger);
    }

    /** @param change of the id of the key and the signature after it */
    private static Consumer<Forger> signature(UnaryOperator<byte[]> change) {
        return forger -> forger.note(note ->
                note.replace(lastLine(note), encoded(lastLine(note), change.apply(decoded(lastLine(note))))));
    }

    private static String lastLine(String note) {
        String[] lines = note.split("\n");
        return lines[lines.length - 1];
    }

    private static byte[] decoded(String line) {
        return Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static String encoded(String line, byte[] bytes) {
        return line.substring(0, line.lastIndexOf(' ') + 1)
                + Base64.getEncoder().encodeToString(bytes);
    }
}
