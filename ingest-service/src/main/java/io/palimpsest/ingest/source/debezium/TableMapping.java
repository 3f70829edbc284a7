package io.palimpsest.ingest.source.debezium;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the rows of one topic become documents.
 *
 * @param name of the source, for good: documents belong to it, whatever topic its rows come through
 * @param id over all columns of the record's key, and no others
 * @param location where people find the document
 * @param access what the columns name may see the document; empty: the collection's default
 * @param labels column by label
 * @param collection empty: that of events that name none
 * @param types of columns that come without a schema
 */
record TableMapping(
        String name,
        String topic,
        Format format,
        Template id,
        Content content,
        Optional<String> title,
        Optional<Template> location,
        Optional<String> fileName,
        List<Access> access,
        Map<String, String> labels,
        Optional<String> sensitive,
        Optional<String> collection,
        Map<String, ColumnType> types) {

    TableMapping {
        access = List.copyOf(access);
        labels = Map.copyOf(labels);
        types = Map.copyOf(types);
    }

    /** What the values of the topic's records are. */
    enum Format {
        /** Debezium's own: {@code before}, {@code after}, {@code source}, {@code op}. */
        ENVELOPE,
        /** The row alone, as {@code ExtractNewRecordState} leaves it. */
        FLATTENED
    }

    /** How bytes are written in a column. */
    enum Encoding {
        TEXT,
        BASE64,
        HEX
    }

    /**
     * Where the content is.
     *
     * @param isReference the column holds a URI to fetch it from
     * @param encoding empty: base64 where the schema says bytes, otherwise text
     * @param type media type of every row's content
     * @param typeColumn or the column that holds it
     */
    record Content(
            String column,
            boolean isReference,
            Optional<Encoding> encoding,
            Optional<String> type,
            Optional<String> typeColumn) {}

    /**
     * A column that names principals: an array, a JSON array, or texts between delimiters.
     *
     * @param prefix put before each, such as {@code group:}
     */
    record Access(String column, String prefix, String delimiter) {}

    String source() {
        return "debezium:" + name;
    }
}
