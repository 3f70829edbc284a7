package io.palimpsest.index.weaviate;

import io.palimpsest.platform.config.WeaviateSettings;
import java.util.List;

/** The collections that this package makes, and what has to be found where they are already. */
final class Schema {
    private Schema() {}

    /** What is asked of a property. */
    enum Kind {
        /** Text, equal as a whole. */
        KEY,
        /** Texts, each equal as a whole. */
        KEYS,
        /** Words between blanks, ranked by BM25. */
        RANKED,
        /** Text that is only given back. */
        OPAQUE,
        /** A number that is compared. */
        NUMBER,
        /** A number that is compared in searches, so with an index of ranges: dear to write, quick to ask. */
        MOMENT,
        /** A number that is added up. */
        AMOUNT,
        FLAG
    }

    record Column(String name, Kind kind) {}

    /**
     * A collection.
     *
     * @param description ends with the token of the generation
     */
    record Table(String name, String description, List<Column> columns, boolean vectors, boolean tenants, int copies) {
        Table {
            columns = List.copyOf(columns);
        }
    }

    /** Of a generation. */
    static List<Table> tables(Shelf shelf, String token, WeaviateSettings settings) {
        return List.of(
                passages(shelf, token, settings), revisions(shelf, token, settings), words(shelf, token, settings));
    }

    private static Table passages(Shelf shelf, String token, WeaviateSettings settings) {
        return new Table(
                shelf.passages().collection(),
                description("Passages", shelf, token),
                List.of(
                        new Column(Fields.DOCUMENT, Kind.KEY),
                        new Column(Fields.PASSAGE, Kind.OPAQUE),
                        new Column(Fields.BORN, Kind.OPAQUE),
                        new Column(Fields.VALID_FROM, Kind.MOMENT),
                        new Column(Fields.VALID_TO, Kind.MOMENT),
                        new Column(Fields.ACCESS, Kind.KEYS),
                        new Column(Fields.LABELS, Kind.KEYS),
                        new Column(Fields.STEMS, Kind.RANKED),
                        new Column(Fields.WORDS, Kind.KEYS)),
                true,
                true,
                settings.replication());
    }

    private static Table revisions(Shelf shelf, String token, WeaviateSettings settings) {
        return new Table(
                shelf.revisions().collection(),
                description("Revisions and commits", shelf, token),
                List.of(
                        new Column(Fields.DOCUMENT, Kind.KEY),
                        new Column(Fields.UNTIL, Kind.NUMBER),
                        new Column(Fields.ALIVE, Kind.FLAG),
                        new Column(Fields.PASSAGES, Kind.AMOUNT),
                        new Column(Fields.WRITER, Kind.KEY),
                        new Column(Fields.BATCH, Kind.NUMBER),
                        new Column(Fields.COMMITTED, Kind.NUMBER),
                        new Column(Fields.STATE, Kind.OPAQUE)),
                false,
                true,
                settings.replication());
    }

    private static Table words(Shelf shelf, String token, WeaviateSettings settings) {
        return new Table(
                shelf.words().collection(),
                description("Vocabulary", shelf, token),
                List.of(
                        new Column(Fields.WRITER, Kind.KEY),
                        new Column(Fields.BATCH, Kind.NUMBER),
                        new Column(Fields.WORDS, Kind.OPAQUE)),
                false,
                true,
                settings.replication());
    }

    static Table catalog(String name) {
        return new Table(
                name,
                "Palimpsest's catalog of generations",
                List.of(
                        new Column(Fields.KIND, Kind.KEY),
                        new Column(Fields.NAME, Kind.OPAQUE),
                        new Column(Fields.BODY, Kind.OPAQUE)),
                false,
                false,
                1);
    }

    private static String description(String what, Shelf shelf, String token) {
        return what + " of " + shelf.generation().collection() + ", generation "
                + shelf.generation().id() + "; " + token;
    }
}
