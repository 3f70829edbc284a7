package io.palimpsest.ingest.intake;

import static io.palimpsest.contracts.error.ErrorCode.DATA_INVALID;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.jackson.JsonCloudEventData;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of an event. JSON data describes the document and holds or references its content; data of any other
 * type is the content itself, described by the extensions {@code title}, {@code location}, {@code filename},
 * {@code access} (comma-separated) and {@code sensitive}.
 */
final class EventData {
    private static final Pattern PRINCIPAL = Pattern.compile("\\*|(user|group):[^\\s,][^,]{0,255}");
    private static final int MAX_TEXT = 2048; // arbitrary: titles, locations and labels are small
    private static final int MAX_ENTRIES = 256; // arbitrary

    private final long maxInlineBytes;

    EventData(long maxInlineBytes) {
        this.maxInlineBytes = maxInlineBytes;
    }

    /** What the data says: content (null unless the type carries it) and properties. */
    record Parts(IncomingChange.@Nullable Content content, DocumentProperties properties) {}

    /** The JSON form of an event's data. */
    private record Described(
            @Nullable String content,
            @Nullable String contentBase64,
            @Nullable String reference,
            @Nullable String contentType,
            @Nullable String title,
            @Nullable String location,
            @Nullable List<String> access,
            @Nullable Map<String, String> labels,
            @Nullable Boolean sensitive,
            @Nullable String fileName) {}

    Parts read(ChangeType type, CloudEvent event) {
        CloudEventData data = event.getData();
        String dataType = event.getDataContentType();
        if (data == null) {
            return finish(type, null, extensions(event, null));
        }
        if (isJson(dataType)) {
            return described(type, data);
        }
        byte[] bytes = data.toBytes();
        if (declaresUtf8(dataType)) {
            Utf8.check(bytes, "the content");
        }
        return finish(type, new IncomingChange.Content.Inline(bytes), extensions(event, dataType));
    }

    private Parts described(ChangeType type, CloudEventData data) {
        Described d;
        try {
            d = data instanceof JsonCloudEventData json
                    ? Json.mapper().treeToValue(json.getNode(), Described.class)
                    : Json.mapper().readValue(Utf8.require(data.toBytes(), "the data"), Described.class);
        } catch (JsonProcessingException e) {
            throw new PalimpsestException(DATA_INVALID, "the data is not JSON of the documented form", e);
        }
        if (d == null) {
            return finish(type, null, DocumentProperties.NONE);
        }
        long given = Stream.of(d.content(), d.contentBase64(), d.reference())
                .filter(c -> c != null)
                .count();
        if (given > 1) {
            throw new PalimpsestException(
                    DATA_INVALID, "give one of content, contentBase64 and reference, not " + given);
        }
        return finish(
                type,
                content(d),
                new DocumentProperties(
                        d.title(), d.location(), d.contentType(), d.fileName(), d.access(), d.labels(), d.sensitive()));
    }

    private static IncomingChange.@Nullable Content content(Described d) {
        if (d.content() != null) {
            return new IncomingChange.Content.Inline(d.content().getBytes(StandardCharsets.UTF_8));
        }
        if (d.contentBase64() != null) {
            try {
                return new IncomingChange.Content.Inline(Base64.getDecoder().decode(d.contentBase64()));
            } catch (IllegalArgumentException e) {
                throw new PalimpsestException(DATA_INVALID, "contentBase64 is not base64", e);
            }
        }
        return d.reference() == null ? null : new IncomingChange.Content.At(reference(d.reference()));
    }

    private static URI reference(String text) {
        try {
            URI uri = new URI(text);
            if (uri.isAbsolute() && text.length() <= 2 * MAX_TEXT) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new PalimpsestException(DATA_INVALID, "reference is not an absolute URI of at most 4,096 characters");
    }

    private Parts finish(ChangeType type, IncomingChange.@Nullable Content content, DocumentProperties properties) {
        if (type.carriesContent() && content == null) {
            throw new PalimpsestException(DATA_INVALID, "a change of this type needs content or a reference");
        }
        if (content instanceof IncomingChange.Content.Inline inline && inline.bytes().length > maxInlineBytes) {
            throw new PalimpsestException(
                    ErrorCode.BODY_TOO_LARGE,
                    "content of " + inline.bytes().length + " bytes, at most " + maxInlineBytes);
        }
        if (type == ChangeType.ACCESS_CHANGED && properties.access() == null) {
            throw new PalimpsestException(DATA_INVALID, "a change of access needs the access list");
        }
        check(properties);
        return new Parts(type.carriesContent() ? content : null, properties);
    }

    private static void check(DocumentProperties properties) {
        Stream.of(properties.title(), properties.location(), properties.contentType(), properties.fileName())
                .forEach(text -> checkLength("title, location, contentType and fileName", text));
        List<String> access = properties.access();
        if (access != null) {
            if (access.size() > MAX_ENTRIES) {
                throw new PalimpsestException(DATA_INVALID, "access has " + access.size() + " entries, at most 256");
            }
            if (!access.stream()
                    .allMatch(principal -> PRINCIPAL.matcher(principal).matches())) {
                throw new PalimpsestException(DATA_INVALID, "access takes user:<name>, group:<name> and *");
            }
        }
        Map<String, String> labels = properties.labels();
        if (labels != null) {
            if (labels.size() > MAX_ENTRIES) {
                throw new PalimpsestException(DATA_INVALID, "labels has " + labels.size() + " entries, at most 256");
            }
            labels.forEach((name, value) -> {
                checkLength("labels", name);
                checkLength("labels", value);
            });
        }
    }

    private static void checkLength(String what, @Nullable String text) {
        if (text != null && text.length() > MAX_TEXT) {
            throw new PalimpsestException(DATA_INVALID, what + " have at most " + MAX_TEXT + " characters");
        }
    }

    private static DocumentProperties extensions(CloudEvent event, @Nullable String contentType) {
        String access = extension(event, "access");
        String sensitive = extension(event, "sensitive");
        return new DocumentProperties(
                extension(event, "title"),
                extension(event, "location"),
                contentType,
                extension(event, "filename"),
                access == null
                        ? null
                        : Stream.of(access.split(",", -1))
                                .map(String::strip)
                                .filter(p -> !p.isEmpty())
                                .toList(),
                null,
                sensitive == null ? null : flag("sensitive", sensitive));
    }

    private static Boolean flag(String name, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new PalimpsestException(ErrorCode.DATA_INVALID, name + " is true or false");
        };
    }

    private static @Nullable String extension(CloudEvent event, String name) {
        Object value = event.getExtension(name);
        return value == null ? null : value.toString();
    }

    private static boolean isJson(@Nullable String dataType) {
        if (dataType == null) {
            return true; // CloudEvents §3.1.1: without a type, JSON
        }
        String type = dataType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json") || type.equals("text/json");
    }

    private static boolean declaresUtf8(@Nullable String dataType) {
        return dataType != null
                && dataType.toLowerCase(Locale.ROOT)
                        .replace("\"", "")
                        .replace(" ", "")
                        .contains("charset=utf-8");
    }
}
