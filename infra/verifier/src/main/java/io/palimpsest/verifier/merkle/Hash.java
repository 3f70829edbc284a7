package io.palimpsest.verifier.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * SHA-256 of a leaf or a node of a Merkle tree, with the prefixes of RFC 6962 §2.1.
 *
 * <p>Threading: immutable.
 */
public final class Hash {
    /** Bytes of one. */
    public static final int SIZE = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Hash::sha256);

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException unless there are 32 bytes */
    public static Hash of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** @throws IllegalArgumentException unless there are 32 bytes from {@code from} up to, and not with, {@code to} */
    public static Hash of(byte[] bytes, int from, int to) {
        if (to - from != SIZE) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + (to - from));
        }
        return new Hash(Arrays.copyOfRange(bytes, from, to));
    }

    /** @throws IllegalArgumentException when this is not the standard Base64 of 32 bytes */
    public static Hash ofBase64(String text) {
        Hash hash = of(Base64.getDecoder().decode(text));
        if (!hash.base64().equals(text)) {
            throw new IllegalArgumentException("not canonical Base64");
        }
        return hash;
    }

    /** @throws IllegalArgumentException when these are not 64 hexadecimal digits */
    public static Hash ofHex(String text) {
        return of(HexFormat.of().parseHex(text));
    }

    /** {@code SHA-256(bytes)}, without a prefix. */
    public static Hash sha256(byte[] bytes) {
        return new Hash(digest().digest(bytes));
    }

    /** {@code SHA-256(0x00 || entry)}. */
    public static Hash leaf(byte[] entry) {
        MessageDigest sha = digest();
        sha.update(LEAF);
        return new Hash(sha.digest(entry));
    }

    /** {@code SHA-256(0x01 || left || right)}. */
    public static Hash node(Hash left, Hash right) {
        MessageDigest sha = digest();
        sha.update(NODE);
        sha.update(left.bytes);
        return new Hash(sha.digest(right.bytes));
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Into {@code target} from {@code at} on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, SIZE);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageDigest digest() {
        MessageDigest sha = SHA_256.get();
        sha.reset();
        return sha;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
