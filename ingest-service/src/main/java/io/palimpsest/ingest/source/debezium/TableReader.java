package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads one table of the mapping file. */
final class TableReader {
    private static final Set<String> KNOWN = Set.of(
            "name",
            "topic",
            "format",
            "id",
            "content",
            "reference",
            "contentType",
            "contentTypeColumn",
            "title",
            "location",
            "fileName",
            "access",
            "labels",
            "sensitive",
            "collection",
            "types");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private final Fields fields;

    TableReader(Fields fields) {
        this.fields = fields;
    }

    TableMapping table() {
        fields.only(KNOWN);
        String name = fields.required("name", "it is for good, of small letters, digits and hyphens");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            fields.problem("name", "has up to 40 small letters, digits and hyphens");
        }
        return new TableMapping(
                name,
                topic(),
                choice(fields, "format", TableMapping.Format.class).orElse(TableMapping.Format.ENVELOPE),
                id(),
                content(),
                fields.text("title"),
                fields.text("location").map(text -> template("location", text)),
                fields.text("fileName"),
                access(),
                fields.texts("labels"),
                fields.text("sensitive"),
                collection(),
                types());
    }

    private String topic() {
        String topic = fields.required("topic", "the Kafka topic of the table, such as prefix.schema.table");
        if (!topic.isEmpty() && !TOPIC.matcher(topic).matches()) {
            fields.problem("topic", "is no name of a Kafka topic");
        }
        if (Topics.all().stream().anyMatch(own -> own.name().equals(topic))) {
            fields.problem("topic", "is one of our own topics");
        }
        return topic;
    }

    private Template id() {
        String text = fields.required("id", "a text with every column of the key, such as db://articles/{id}");
        Template id = template("id", text);
        if (!text.isEmpty()) {
            id.ambiguity().ifPresent(problem -> fields.problem("id", problem));
        }
        return id;
    }

    private Template template(String field, String text) {
        Template template = Template.parse(text);
        if (template.hasStrayBraces()) {
            fields.problem(field, "has a brace that names no column");
        }
        return template;
    }

    private TableMapping.Content content() {
        boolean isReference = fields.has("reference");
        if (isReference == fields.has("content")) {
            fields.problem("content", "give the content's column here, or the column of its address as reference");
        }
        if (fields.has("contentType") && fields.has("contentTypeColumn")) {
            fields.problem("contentTypeColumn", "give this or contentType, not both");
        }
        Optional<TableMapping.Encoding> encoding = Optional.empty();
        String column;
        if (!isReference && fields.value("content").isObject()) {
            Fields inner = fields.inner("content");
            inner.only(Set.of("column", "encoding"));
            column = inner.required("column", "that holds the content");
            encoding = choice(inner, "encoding", TableMapping.Encoding.class);
        } else {
            column = fields.text(isReference ? "reference" : "content").orElse("");
        }
        return new TableMapping.Content(
                column, isReference, encoding, fields.text("contentType"), fields.text("contentTypeColumn"));
    }

    private List<TableMapping.Access> access() {
        List<TableMapping.Access> access = new ArrayList<>();
        JsonNode given = fields.value("access");
        if (given.isTextual()) {
            fields.text("access").ifPresent(column -> access.add(new TableMapping.Access(column, "", ",")));
        } else if (given.isArray() && !given.isEmpty()) {
            for (int i = 0; i < given.size(); i++) {
                access.add(access(new Fields(fields.path() + "access[" + i + "].", given.get(i), fields.problems())));
            }
        } else if (fields.has("access")) {
            fields.problem("access", "must be a column, or a list of objects with column, prefix and delimiter");
        }
        return access;
    }

    private static TableMapping.Access access(Fields entry) {
        entry.only(Set.of("column", "prefix", "delimiter"));
        String delimiter = entry.value("delimiter").asText(",");
        if (delimiter.isEmpty()) {
            entry.problem("delimiter", "must not be empty");
            delimiter = ",";
        }
        return new TableMapping.Access(
                entry.required("column", "that names who may see the document"),
                entry.text("prefix").orElse(""),
                delimiter);
    }

    private Optional<String> collection() {
        Optional<String> collection = fields.text("collection");
        try {
            collection.ifPresent(CollectionId::new);
        } catch (IllegalArgumentException e) {
            fields.problem("collection", String.valueOf(e.getMessage()));
        }
        return collection;
    }

    private Map<String, ColumnType> types() {
        Map<String, ColumnType> types = new HashMap<>();
        fields.texts("types")
                .forEach((column, name) -> ColumnType.named(name)
                        .ifPresentOrElse(
                                type -> types.put(column, type),
                                () -> fields.problem("types." + column, "must be one of " + ColumnType.NAMES)));
        return types;
    }

    private static <E extends Enum<E>> Optional<E> choice(Fields fields, String name, Class<E> type) {
        Optional<String> text = fields.text(name);
        Optional<E> found = text.flatMap(given -> Arrays.stream(type.getEnumConstants())
                .filter(each -> lower(each).equals(given))
                .findFirst());
        if (text.isPresent() && found.isEmpty()) {
            fields.problem(
                    name,
                    "must be one of "
                            + Arrays.stream(type.getEnumConstants())
                                    .map(TableReader::lower)
                                    .collect(Collectors.joining(", ")));
        }
        return found;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
