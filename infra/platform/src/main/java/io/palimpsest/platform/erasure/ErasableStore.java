package io.palimpsest.platform.erasure;

import java.util.List;
import java.util.Set;

/**
 * A place where text of documents, or what is personal about them, can lie: it erases, and it looks afterwards.
 *
 * <p>Threading: one thread at a time in a process; several processes may do the same at once. Ordering and idempotency: doing it again
 * changes nothing. Failure: any exception, then it is done again later; {@code ERASURE_WAITS} where something has to happen first.
 */
public interface ErasableStore {
    /** Unique, in lower case with hyphens. */
    String name();

    Phase phase();

    Coverage covers();

    /** Before anything is hidden or erased: what can be known only now is to be {@link Erasing#remember}ed. */
    default void find(Erasing erasing) {}

    /** @return how many things were removed or made unreadable */
    long erase(Erasing erasing);

    Probed probe(Erasing erasing);

    /** When a store has its turn: what tells where the others have to look goes last. */
    enum Phase {
        /** Nothing finds the document any more, and nothing works on it. */
        HIDE,
        /** What was made of the text. */
        COPIES,
        /** The text itself. */
        CONTENT,
        /** What says that the document was here. */
        RECORDS,
        /** What shows which entries of the ledger are about it. */
        PROOFS
    }

    /**
     * What a store answers for. All three together, over all stores, are all that there is.
     *
     * @param tables of the database
     * @param topics names
     * @param folders of the data directory, first name of the path only
     */
    record Coverage(Set<String> tables, Set<String> topics, Set<String> folders) {
        public Coverage {
            tables = Set.copyOf(tables);
            topics = Set.copyOf(topics);
            folders = Set.copyOf(folders);
        }

        public static Coverage tables(String... names) {
            return new Coverage(Set.of(names), Set.of(), Set.of());
        }

        public static Coverage folders(String... names) {
            return new Coverage(Set.of(), Set.of(), Set.of(names));
        }

        public Coverage andTables(String... names) {
            return new Coverage(Set.of(names), topics, folders);
        }

        public Coverage andTopics(Set<String> names) {
            return new Coverage(tables, names, folders);
        }
    }

    /**
     * What is left.
     *
     * @param found of the document; anything but 0 is not erased
     * @param residuals sentences for people: what stays, why it tells nothing of the document's text, and until when
     */
    record Probed(long found, List<String> residuals) {
        public Probed {
            residuals = List.copyOf(residuals);
        }

        public static Probed of(long found) {
            return new Probed(found, List.of());
        }
    }
}
