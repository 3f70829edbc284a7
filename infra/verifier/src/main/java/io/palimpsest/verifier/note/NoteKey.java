package io.palimpsest.verifier.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key that notes are verified with. As text ("vkey", C2SP signed-note):
 * {@code <name>+<id in 8 hex digits>+<Base64 of type and 32 bytes>}.
 *
 * @param name without spaces and plus signs
 */
public record NoteKey(String name, KeyType type, PublicKey key) {
    private static final Pattern NAME = Pattern.compile("[^+\\x00-\\x1f\\p{IsWhite_Space}]+");
    private static final Pattern TEXT = Pattern.compile("([^+]+)\\+([0-9a-f]{8})\\+([A-Za-z0-9+/=]+)");

    public NoteKey {
        checkName(name);
        int unused = Ed25519.raw(key).length;
    }

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a key has no spaces and no plus signs, and is not empty");
        }
    }

    /** @throws IllegalArgumentException with the reason */
    public static NoteKey parse(String text) {
        Matcher parts = TEXT.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("a verifier key is name+id+Base64, as the log prints it");
        }
        byte[] key = Base64.getDecoder().decode(parts.group(3));
        if (key.length != 1 + Ed25519.KEY_SIZE) {
            throw new IllegalArgumentException("a verifier key has 33 bytes, not " + key.length);
        }
        NoteKey parsed = new NoteKey(
                parts.group(1), KeyType.of(key[0]), Ed25519.publicKey(Arrays.copyOfRange(key, 1, key.length)));
        if (!HexFormat.of().toHexDigits(parsed.id()).equals(parts.group(2))) {
            throw new IllegalArgumentException(
                    "the id " + parts.group(2) + " is not that of this key: a digit was changed");
        }
        return parsed;
    }

    /** First four bytes of {@code SHA-256(name || 0x0A || type || key)}. */
    public int id() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(name.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) '\n');
            return ByteBuffer.wrap(sha.digest(typed())).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    /** As others take it. */
    public String text() {
        return name + "+" + HexFormat.of().toHexDigits(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }

    /** @param signature of a line of this name and id, without the id */
    boolean verifies(String note, byte[] signature) {
        return switch (type) {
            case ED25519 -> Ed25519.verify(key, note.getBytes(StandardCharsets.UTF_8), signature);
            case COSIGNATURE_V1 -> Cosignature.verifies(key, note, signature);
        };
    }

    private byte[] typed() {
        byte[] raw = Ed25519.raw(key);
        byte[] typed = new byte[1 + raw.length];
        typed[0] = type.code();
        System.arraycopy(raw, 0, typed, 1, raw.length);
        return typed;
    }

    @Override
    public String toString() {
        return text();
    }
}
