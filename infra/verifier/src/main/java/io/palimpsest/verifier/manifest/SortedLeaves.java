package io.palimpsest.verifier.manifest;

import io.palimpsest.verifier.merkle.HashReader;

/** The leaves of a manifest in their order, and the nodes of the tree over them. Threading: as the implementation's. */
public interface SortedLeaves extends HashReader {
    long size();

    /** @param index from 0 up to, and not with, {@link #size} */
    ManifestLeaf leaf(long index);
}
