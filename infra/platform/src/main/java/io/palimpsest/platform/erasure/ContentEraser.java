package io.palimpsest.platform.erasure;

import io.palimpsest.platform.content.ContentStore;
import java.util.List;

/** The content store: destroys the document's key, and with it all its content in every copy. */
public record ContentEraser(ContentStore store) implements ErasableStore {
    @Override
    public String name() {
        return "content";
    }

    @Override
    public Phase phase() {
        return Phase.CONTENT;
    }

    @Override
    public Coverage covers() {
        return Coverage.folders("content").andTables("document_key");
    }

    @Override
    public long erase(Erasing erasing) {
        long stored = store.list(erasing.document()).size();
        store.eraseDocument(erasing.document());
        return stored;
    }

    @Override
    public Probed probe(Erasing erasing) {
        return new Probed(
                store.isErased(erasing.document()) ? 0 : 1,
                List.of("Backups of the content store and of buckets hold content that nobody can read, as its key is"
                        + " destroyed; a backup of the database of before holds that key: destroy it, or it can be restored."
                        + " A process may hold the key in memory for a minute."));
    }
}
