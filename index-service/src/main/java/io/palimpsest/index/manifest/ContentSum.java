package io.palimpsest.index.manifest;

import io.palimpsest.verifier.merkle.Hash;
import java.util.HexFormat;

/**
 * Sum modulo 2^256 of SHA-256 over parts, whatever their order: tells changed from unchanged, and proves nothing.
 *
 * <p>Threading: one thread.
 */
final class ContentSum {
    private final byte[] sum = new byte[Hash.SIZE];

    void add(byte[] part) {
        byte[] more = Hash.sha256(part).bytes();
        int carry = 0;
        for (int i = Hash.SIZE - 1; i >= 0; i--) {
            carry += (sum[i] & 0xff) + (more[i] & 0xff);
            sum[i] = (byte) carry;
            carry >>>= Byte.SIZE;
        }
    }

    /** Hex. */
    String text() {
        return HexFormat.of().formatHex(sum);
    }
}
