package io.palimpsest.verifier.note;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of signature: {@code — <name> <Base64 of uint32 id, bytes>}.
 *
 * @param base64 of the id of the key, and after it the signature
 */
public record NoteSignature(String name, String base64) {
    private static final Pattern LINE = Pattern.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})");

    /** @throws IllegalArgumentException when this is no name of a key, or no canonical Base64 of more than four bytes */
    public NoteSignature {
        NoteKey.checkName(name);
        byte[] all = Base64.getDecoder().decode(base64);
        if (all.length <= Integer.BYTES) {
            throw new IllegalArgumentException("a signature has more than the four bytes of its key's id");
        }
        if (!Base64.getEncoder().encodeToString(all).equals(base64)) {
            throw new IllegalArgumentException("a signature is canonical Base64, with its padding");
        }
    }

    static NoteSignature of(NoteKey key, byte[] signature) {
        byte[] all = ByteBuffer.allocate(Integer.BYTES + signature.length)
                .putInt(key.id())
                .put(signature)
                .array();
        return new NoteSignature(key.name(), Base64.getEncoder().encodeToString(all));
    }

    /** @throws IllegalArgumentException when this is not such a line */
    public static NoteSignature parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a signature is a line of a dash, a name and Base64");
        }
        return new NoteSignature(parts.group(1), parts.group(2));
    }

    /** Without its newline. */
    public String line() {
        return "\u2014 " + name + " " + base64;
    }

    /** Whether it says that it is of this key; only {@link SignedNote#verified} tells whether it is. */
    boolean isBy(NoteKey key) {
        return name.equals(key.name()) && ByteBuffer.wrap(all()).getInt() == key.id();
    }

    /** Without the id. */
    byte[] bytes() {
        return Arrays.copyOfRange(all(), Integer.BYTES, all().length);
    }

    private byte[] all() {
        return Base64.getDecoder().decode(base64);
    }
}
