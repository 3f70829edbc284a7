package io.palimpsest.verifier.manifest;

import io.palimpsest.verifier.merkle.Hash;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A passage in a manifest, 72 bytes: place of its document, revision (masked, {@code int64 big-endian}), tag of the passage.
 * Leaves are sorted by these bytes, unsigned: so the passages of a document stand together, and, as there is one revision of
 * each document, in the order of their tags.
 *
 * @param place see {@link DocumentTags}
 * @param maskedRevision see {@link DocumentTags}
 */
public record ManifestLeaf(Hash place, long maskedRevision, Hash tag) implements Comparable<ManifestLeaf> {
    /** Bytes of one. */
    public static final int SIZE = 2 * Hash.SIZE + Long.BYTES;

    /** @throws IllegalArgumentException unless there are 72 bytes */
    public static ManifestLeaf of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a leaf of a manifest has " + SIZE + " bytes, not " + bytes.length);
        }
        return new ManifestLeaf(
                Hash.of(bytes, 0, Hash.SIZE),
                ByteBuffer.wrap(bytes).getLong(Hash.SIZE),
                Hash.of(bytes, Hash.SIZE + Long.BYTES, SIZE));
    }

    public byte[] bytes() {
        byte[] bytes = new byte[SIZE];
        place.copyTo(bytes, 0);
        ByteBuffer.wrap(bytes).putLong(Hash.SIZE, maskedRevision);
        tag.copyTo(bytes, Hash.SIZE + Long.BYTES);
        return bytes;
    }

    /** As it is hashed into the tree. */
    public Hash hash() {
        return Hash.leaf(bytes());
    }

    @Override
    public int compareTo(ManifestLeaf other) {
        return Arrays.compareUnsigned(bytes(), other.bytes());
    }
}
