package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.PalimpsestException;
import java.util.ArrayList;
import java.util.List;

/**
 * What failed batches of this process may have left in the server, to be taken away before the next write. One by one by
 * their ids, because a server that died may not find them by a filter. Threading: one thread.
 */
final class Debris {
    private final Engine engine;
    private final Shelf shelf;
    private final List<String> passages = new ArrayList<>();
    private final List<String> revisions = new ArrayList<>();
    private final List<String> words = new ArrayList<>();

    Debris(Engine engine, Shelf shelf) {
        this.engine = engine;
        this.shelf = shelf;
    }

    /** @param plan of a batch that will never be committed */
    void add(WritePlan plan, List<WordPages.Page> pages) {
        pages.forEach(page -> words.add(page.id()));
        passages.addAll(plan.passageIds());
        revisions.addAll(plan.revisionIds());
    }

    /** @throws PalimpsestException where the server is still away: to be tried again with the next write */
    void clear() {
        engine.writes().deleteEach(shelf.revisions(), revisions);
        revisions.clear();
        engine.writes().deleteEach(shelf.passages(), passages);
        passages.clear();
        engine.writes().deleteEach(shelf.words(), words);
        words.clear();
    }
}
