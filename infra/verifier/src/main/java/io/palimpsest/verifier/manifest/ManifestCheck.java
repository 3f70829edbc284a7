package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.palimpsest.verifier.merkle.GrowingTree;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A whole manifest against what the log says of it: that its leaves are in order, each once, and of one revision of each document. Only
 * then do adjacent leaves show that what stands between them is nowhere else. Nothing is learned from the leaves.
 *
 * <p>Begins with {@code palimpsest-manifest/1}, a line feed and two zero bytes (24 bytes), and the number of leaves ({@code int64
 * big-endian}); then come the leaves, 72 bytes each, and more that is not read here.
 */
public final class ManifestCheck {
    /** The first line. */
    public static final String FORMAT = "palimpsest-manifest/1";

    /** Bytes before the first leaf. */
    public static final int HEADER = 32;

    private static final byte[] MAGIC = Arrays.copyOf((FORMAT + "\n").getBytes(US_ASCII), HEADER - Long.BYTES);

    private ManifestCheck() {}

    public static byte[] header(long size) {
        return ByteBuffer.allocate(HEADER).put(MAGIC).putLong(size).array();
    }

    /**
     * @return number of leaves
     * @throws IllegalArgumentException when these are not the first bytes of a manifest
     */
    public static long size(byte[] header) {
        long size = header.length < HEADER ? -1 : ByteBuffer.wrap(header).getLong(MAGIC.length);
        if (size < 0 || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("this is no manifest");
        }
        return size;
    }

    /**
     * @param head out of an entry that is proven to be in the log
     * @return number of documents
     */
    public static long run(InputStream manifest, ManifestHead head) throws IOException, InvalidProofException {
        DataInputStream in = new DataInputStream(manifest);
        try {
            byte[] header = new byte[HEADER];
            in.readFully(header);
            if (size(header) != head.size()) {
                throw new InvalidProofException("the manifest is not as long as the log says");
            }
            GrowingTree tree = new GrowingTree();
            byte[] before = new byte[ManifestLeaf.SIZE];
            long documents = 0;
            for (long i = 0; i < head.size(); i++) {
                byte[] leaf = new byte[ManifestLeaf.SIZE];
                in.readFully(leaf);
                if (i > 0 && Arrays.compareUnsigned(before, leaf) >= 0) {
                    throw new InvalidProofException("leaf " + i + " is not after the one before it");
                }
                boolean sameDocument = i > 0 && Arrays.equals(before, 0, Hash.SIZE, leaf, 0, Hash.SIZE);
                int revision = Hash.SIZE + Long.BYTES;
                if (sameDocument && !Arrays.equals(before, 0, revision, leaf, 0, revision)) {
                    throw new InvalidProofException("leaf " + i + " is of a second revision of a document");
                }
                documents += sameDocument ? 0 : 1;
                tree.add(Hash.leaf(leaf));
                before = leaf;
            }
            if (!tree.root().equals(head.root())) {
                throw new InvalidProofException("the leaves are not those that the log has the root of");
            }
            return documents;
        } catch (EOFException e) {
            throw new InvalidProofException("the manifest is not as long as it says");
        } catch (IllegalArgumentException e) {
            throw new InvalidProofException(String.valueOf(e.getMessage()));
        }
    }
}
