package io.palimpsest.index.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.util.List;
import java.util.function.ToLongFunction;

/** Passages in every generation of the collection, history included. */
record IndexedPassages(PassageIndex index) implements ErasableStore {
    @Override
    public String name() {
        return "passages";
    }

    @Override
    public Phase phase() {
        return Phase.COPIES;
    }

    @Override
    public Coverage covers() {
        return Coverage.folders("index");
    }

    @Override
    public long erase(Erasing erasing) {
        return sum(erasing, generation -> index.erase(generation.id(), erasing.document()));
    }

    @Override
    public Probed probe(Erasing erasing) {
        return new Probed(
                sum(erasing, generation -> index.traces(generation.id(), erasing.document())),
                List.of(
                        "Leaves of manifests that were made before stay for ledger.manifest.keep: they name nothing, but whoever has"
                                + " the deployment's secret and the document's id can tell its leaf.",
                        "Lists of principals who could see something stay, without what it was. A server of Weaviate keeps bytes of"
                                + " what was deleted until it merges its files; what searches then read finds none of it."));
    }

    private long sum(Erasing erasing, ToLongFunction<Generation> work) {
        long sum = 0;
        for (Generation generation : index.generations()) {
            if (generation.collection().equals(erasing.document().collectionKey())) {
                sum += unlessDropped(generation, work);
            }
        }
        return sum;
    }

    private static long unlessDropped(Generation generation, ToLongFunction<Generation> work) {
        try {
            return work.applyAsLong(generation);
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.NOT_FOUND) { // dropped meanwhile
                return 0;
            }
            throw e;
        }
    }
}
