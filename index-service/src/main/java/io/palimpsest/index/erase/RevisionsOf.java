package io.palimpsest.index.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.util.Set;

/** The current revision, as searches read it: it goes when gate and revisions have forgotten the document, so this shows that they have. */
record RevisionsOf(CurrentRevisions revisions) implements ErasableStore {
    @Override
    public String name() {
        return "revisions";
    }

    @Override
    public Phase phase() {
        return Phase.RECORDS;
    }

    @Override
    public Coverage covers() {
        return new Coverage(Set.of(), Set.of(), Set.of());
    }

    @Override
    public long erase(Erasing erasing) {
        if (revisions.current(erasing.document()).isPresent()) {
            throw new PalimpsestException(ErrorCode.ERASURE_WAITS, "the streams have not forgotten the document yet");
        }
        return 0;
    }

    @Override
    public Probed probe(Erasing erasing) {
        return Probed.of(revisions.current(erasing.document()).isPresent() ? 1 : 0);
    }
}
