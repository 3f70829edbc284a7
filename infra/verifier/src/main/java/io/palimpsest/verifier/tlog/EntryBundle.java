package io.palimpsest.verifier.tlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries of a tile as bytes: each with its length before it, {@code uint16 big-endian, bytes} (C2SP tlog-tiles). */
public final class EntryBundle {
    /** Bytes that one entry may have. */
    public static final int MAX_ENTRY = 0xffff;

    private EntryBundle() {}

    /** @throws IllegalArgumentException when an entry is longer than 65,535 bytes */
    public static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY) {
                throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
            }
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /** @throws IllegalArgumentException when the last entry is cut off */
    public static List<byte[]> decode(byte[] bundle) {
        List<byte[]> entries = new ArrayList<>();
        int at = 0;
        while (at < bundle.length) {
            if (at + 2 > bundle.length) {
                throw new IllegalArgumentException(
                        "the bundle ends within a length, after " + entries.size() + " entries");
            }
            int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
            at += 2;
            if (at + length > bundle.length) {
                throw new IllegalArgumentException("the bundle ends within entry " + entries.size());
            }
            entries.add(Arrays.copyOfRange(bundle, at, at + length));
            at += length;
        }
        return entries;
    }
}
