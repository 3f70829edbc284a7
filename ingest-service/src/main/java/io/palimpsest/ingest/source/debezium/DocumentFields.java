package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data of a row's change, as events have it. What is missing of title, location, file name and labels is left out; content
 * and access are never guessed.
 *
 * <p>Threading: one thread.
 */
final class DocumentFields {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Logger LOG = LoggerFactory.getLogger(DocumentFields.class);

    private final TableMapping mapping;
    private final List<String> defaultAccess;
    private final Set<String> missed = new HashSet<>();

    DocumentFields(TableMapping mapping, List<String> defaultAccess) {
        this.mapping = mapping;
        this.defaultAccess = defaultAccess;
    }

    /** Content and all properties. */
    ObjectNode whole(RowView row) {
        ObjectNode data = names(row);
        TableMapping.Content content = mapping.content();
        TableMapping.Encoding encoding = encoding(row);
        String value = Objects.requireNonNull(row.text(content.column()));
        if (content.isReference()) {
            data.put("reference", value);
        } else {
            switch (encoding) {
                case TEXT -> data.put("content", value);
                case BASE64 -> data.put("contentBase64", base64(content.column(), value));
                case HEX -> data.put("contentBase64", hex(content.column(), value));
            }
        }
        String type = content.type().orElse(null);
        if (content.typeColumn().isPresent()) {
            type = optional(row, content.typeColumn().get());
        }
        boolean isText = !content.isReference() && encoding == TableMapping.Encoding.TEXT;
        data.put("contentType", type == null && isText ? "text/plain" : type);
        mapping.fileName().ifPresent(column -> data.put("fileName", optional(row, column)));
        if (!mapping.access().isEmpty()) {
            data.set("access", principals(row));
        }
        labelsAndSensitivity(row, data);
        return data;
    }

    /** What people see of the document: title and location. */
    ObjectNode names(RowView row) {
        ObjectNode data = NODES.objectNode();
        mapping.title().map(column -> optional(row, column)).ifPresent(title -> data.put("title", title));
        mapping.location().ifPresent(template -> {
            if (template.columns().stream().allMatch(column -> optional(row, column) != null)) {
                data.put("location", template.fill(column -> Objects.requireNonNull(row.text(column))));
            }
        });
        return data;
    }

    /** Whether anything but content and names comes from the row. */
    boolean hasAccess() {
        return !mapping.access().isEmpty()
                || !mapping.labels().isEmpty()
                || mapping.sensitive().isPresent();
    }

    /** Access, labels and sensitivity. */
    ObjectNode access(RowView row) {
        ObjectNode data = NODES.objectNode();
        ArrayNode access = data.putArray("access");
        if (mapping.access().isEmpty()) {
            defaultAccess.forEach(access::add);
        } else {
            access.addAll(principals(row));
        }
        labelsAndSensitivity(row, data);
        return data;
    }

    /** Null where the column is NULL, or not there: of that the log tells once. */
    private @Nullable String optional(RowView row, String column) {
        if (!row.has(column) && missed.add(column)) {
            LOG.atWarn()
                    .addKeyValue("topic", mapping.topic())
                    .log("rows have no column {}: correct debezium.source.mapping, or go without", column);
        }
        return row.text(column);
    }

    private void labelsAndSensitivity(RowView row, ObjectNode data) {
        ObjectNode labels = data.putObject("labels");
        mapping.labels().forEach((label, column) -> {
            String value = optional(row, column);
            if (value != null) {
                labels.put(label, value);
            }
        });
        mapping.sensitive().ifPresent(column -> data.put("sensitive", flag(row, column)));
    }

    /** NULL is nobody: who forgot to say must not have said everyone. */
    private ArrayNode principals(RowView row) {
        ArrayNode principals = NODES.arrayNode();
        for (TableMapping.Access access : mapping.access()) {
            String column = access.column();
            row.require(column);
            String text = row.text(column);
            if (text == null) {
                continue;
            }
            JsonNode array = row.row(column).value(column).isArray() || text.startsWith("[")
                    ? RowEvents.array(text, column)
                    : split(text, access.delimiter());
            for (JsonNode each : array) {
                String principal = each.asText().strip();
                if (!principal.isEmpty()) {
                    principals.add(access.prefix() + principal);
                }
            }
        }
        return principals;
    }

    private static ArrayNode split(String text, String delimiter) {
        ArrayNode parts = NODES.arrayNode();
        int from = 0;
        for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
            parts.add(text.substring(from, at));
            from = at + delimiter.length();
        }
        return parts.add(text.substring(from));
    }

    private TableMapping.Encoding encoding(RowView row) {
        String column = mapping.content().column();
        return mapping.content()
                .encoding()
                .orElseGet(() -> row.row(column).type(column).kind() == ColumnType.Kind.BYTES
                        ? TableMapping.Encoding.BASE64
                        : TableMapping.Encoding.TEXT);
    }

    /** Databases break lines in it, and connectors may use the alphabet of URLs. */
    private static String base64(String column, String value) {
        try {
            String plain =
                    value.replace("\n", "").replace("\r", "").replace('-', '+').replace('_', '/');
            byte[] bytes = Base64.getDecoder().decode(plain);
            return Base64.getEncoder().encodeToString(bytes);
        } catch (IllegalArgumentException e) {
            throw invalid(column, "is not base64");
        }
    }

    private static String hex(String column, String value) {
        try {
            return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(value.strip()));
        } catch (IllegalArgumentException e) {
            throw invalid(column, "is not hexadecimal");
        }
    }

    private static boolean flag(RowView row, String column) {
        row.require(column);
        @Nullable String text = row.text(column);
        return switch (text == null ? "" : text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "1", "yes" -> true;
            case "false", "f", "0", "no", "" -> false;
            default -> throw invalid(column, "is neither true nor false");
        };
    }

    private static PalimpsestException invalid(String column, String what) {
        return new PalimpsestException(ErrorCode.ROW_COLUMN_INVALID, "column " + column + " " + what);
    }
}
