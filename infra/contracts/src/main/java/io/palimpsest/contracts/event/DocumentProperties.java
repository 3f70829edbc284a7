package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a change says about a document beside its content.
 *
 * @param title null: taken from the content
 * @param location where people find the document now (URL or path); null: its id
 * @param contentType media type as declared by the source; null: detected
 * @param fileName name to detect the type by; null: derived from the reference
 * @param access principals that may see it, such as {@code user:alice}, {@code group:hr} or {@code *}; null in a full
 *     change means the collection's default, in a partial change "unchanged"; empty means nobody
 * @param labels filterable key-value pairs; null means none, in a partial change "unchanged"
 * @param sensitive true: never enters a training snapshot
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentProperties(
        @Nullable String title,
        @Nullable String location,
        @Nullable String contentType,
        @Nullable String fileName,
        @Nullable List<String> access,
        @Nullable Map<String, String> labels,
        @Nullable Boolean sensitive) {
    /** The access list entry that admits every principal of the tenant. */
    public static final String EVERYONE = "*";

    public static final DocumentProperties NONE = new DocumentProperties(null, null, null, null, null, null, null);

    public DocumentProperties {
        access = access == null ? null : List.copyOf(access);
        labels = labels == null ? null : Map.copyOf(labels);
    }
}
