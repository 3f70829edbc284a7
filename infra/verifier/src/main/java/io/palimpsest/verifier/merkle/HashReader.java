package io.palimpsest.verifier.merkle;

/** The nodes of a tree that never change again: roots of complete subtrees. */
@FunctionalInterface
public interface HashReader {
    /**
     * Root of the complete subtree over the leaves from {@code index << level} up to, and not with, {@code (index + 1) << level}.
     *
     * @param level 0: a leaf
     */
    Hash read(int level, long index);
}
