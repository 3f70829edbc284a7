package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import java.util.List;
import java.util.function.Supplier;

/**
 * An erasure, as a store sees it.
 *
 * @param round from 1; a store that is asked to erase in a later round than the first one does what it can do only now
 */
public record Erasing(String id, DocumentKey document, int round, Notes notes) {

    /** What is kept until the erasure is over. */
    interface Notes {
        List<String> remember(String name, Supplier<List<String>> first);
    }

    /** One that has been here: for what was written too late. It remembers nothing. */
    public static Erasing again(String id, DocumentKey document) {
        return new Erasing(id, document, 1, (name, first) -> first.get());
    }

    /** Stands for the document in rows that have to stay, so that counts still add up. */
    public DocumentKey pseudonym() {
        return pseudonym(id, document.collectionKey());
    }

    /** As {@link #pseudonym()}, for what meets an erasure by its id. */
    public static DocumentKey pseudonym(String id, CollectionKey collection) {
        return DocumentKey.of(collection, "erased:" + id);
    }

    /**
     * What can be found out only before something was erased, and is needed after that too.
     *
     * @param first asked once in an erasure, whatever is killed in between
     */
    public List<String> remember(String name, Supplier<List<String>> first) {
        return notes.remember(name, first);
    }
}
