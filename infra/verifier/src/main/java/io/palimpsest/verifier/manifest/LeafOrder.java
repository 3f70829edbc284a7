package io.palimpsest.verifier.manifest;

import java.util.Arrays;

/**
 * Where leaves stand to something that is looked for. Of a document there is one revision in a manifest, so its passages are in
 * the order of their tags.
 *
 * @param passage 32 lower-case hex digits; empty: any of the document
 */
record LeafOrder(DocumentTags tags, String passage) {
    /** Negative: the leaf comes before it; 0: it is the leaf of it. */
    int of(ManifestLeaf leaf) {
        int places = Arrays.compareUnsigned(leaf.place().bytes(), tags.place().bytes());
        return places != 0 || passage.isEmpty()
                ? places
                : Arrays.compareUnsigned(leaf.tag().bytes(), tags.tag(passage).bytes());
    }
}
