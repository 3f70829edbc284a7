package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sources of the ingest service, by HTTP.
 *
 * <p>Threading: safe. Failure: {@code INGEST_UNAVAILABLE} where it does not answer; what it refuses is thrown with the code that
 * it gave.
 */
public final class SourcesApi {
    private final Supplier<IndexApi.Access> access;
    private final ServiceCalls calls;

    /** A watched folder or bucket. */
    public record Source(String name, CollectionKey collection) {}

    /** A reconciliation as the ingest service tells of it. */
    record Progress(
            boolean isEnded,
            long listed,
            long missing,
            long changed,
            long gone,
            long published,
            @Nullable String errorCode) {}

    /** @param access where it is, with a key of the role OPERATE: known once its server runs */
    public SourcesApi(HttpClient http, Supplier<IndexApi.Access> access) {
        this.access = access;
        this.calls = new ServiceCalls(http, ErrorCode.INGEST_UNAVAILABLE, "ingest");
    }

    /** The same run compares the same source once. */
    static String reconciliation(String runId, String source) {
        return runId + "." + ContentHash.ofText(source).value().substring(0, 12);
    }

    /** Those that the key may use. */
    public List<Source> all() {
        List<Source> all = new ArrayList<>();
        calls.send(access.get(), "GET", "/v1/sources", null)
                .path("sources")
                .forEach(one -> all.add(new Source(
                        one.path("name").asText(),
                        CollectionKey.of(
                                one.path("tenant").asText(),
                                one.path("collection").asText()))));
        return all;
    }

    Progress reconcile(String id, String source, boolean dryRun, boolean allowDeletes) {
        return progress(calls.send(
                access.get(),
                "POST",
                "/v1/sources/"
                        + URLEncoder.encode(source, StandardCharsets.UTF_8).replace("+", "%20") + "/reconcile",
                Map.of("id", id, "dryRun", dryRun, "allowDeletes", allowDeletes)));
    }

    Progress progress(String id) {
        return progress(calls.send(access.get(), "GET", "/v1/reconciliations/" + id, null));
    }

    void cancel(String id) {
        calls.send(access.get(), "POST", "/v1/reconciliations/" + id + "/cancel", null);
    }

    private static Progress progress(JsonNode node) {
        JsonNode report = node.path("report");
        boolean ended = node.hasNonNull("endedAt");
        return new Progress(
                ended,
                report.path("listed").asLong(),
                report.path("missing").asLong(),
                report.path("changed").asLong(),
                report.path("gone").asLong(),
                report.path("published").asLong(),
                ended && node.hasNonNull("errorCode") ? node.path("errorCode").asText() : null);
    }
}
