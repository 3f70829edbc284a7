package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.palimpsest.contracts.event.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Calls of a running server whose answers are held against the description that it serves: a field that is not described fails
 * as one of the wrong type does.
 */
final class DescribedCalls {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final URI server;
    private final String key;
    private final HttpClient http = HttpClient.newHttpClient();
    private final OpenApi api;
    private final List<String> wrong = new ArrayList<>();

    DescribedCalls(URI server, String key) throws Exception {
        this.server = server;
        this.key = key;
        this.api = OpenApi.parse(http.send(
                        HttpRequest.newBuilder(server.resolve("/openapi.yaml")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    /** Answers of another status or form than they ought to have. */
    List<String> wrong() {
        return wrong;
    }

    JsonNode get(int status, String path) throws Exception {
        return call(status, "GET", path, request(path, key).GET().build());
    }

    /** For what comes a moment later: whether it is there, whatever is answered. */
    boolean answers(int status, String path) throws Exception {
        return http.send(request(path, key).GET().build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == status;
    }

    JsonNode getWithKey(int status, String path, String otherKey) throws Exception {
        return call(status, "GET", path, request(path, otherKey).GET().build());
    }

    JsonNode post(int status, String path, String contentType, String body) throws Exception {
        return call(
                status,
                "POST",
                path,
                request(path, key)
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    JsonNode post(int status, String path, Object body) throws Exception {
        return post(status, path, "application/json", Json.writeText(body));
    }

    private HttpRequest.Builder request(String path, String secret) {
        return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + secret);
    }

    private JsonNode call(int status, String method, String path, HttpRequest request) throws Exception {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        List<Error> errors = SCHEMAS.getSchema(
                        schema(method, path, response.statusCode()).toString(), InputFormat.JSON)
                .validate(response.body(), InputFormat.JSON);
        if (response.statusCode() != status || !errors.isEmpty()) {
            wrong.add(method + " " + path + ": " + response.statusCode() + " " + response.body() + "\n  " + errors);
        }
        return Json.mapper().readTree(response.body());
    }

    /** Of the answer, with all components, and closed: nothing but what is described may be in it. */
    private ObjectNode schema(String method, String path, int status) {
        JsonNode responses =
                operation(method, path.replaceAll("\\?.*", "")).description().path("responses");
        JsonNode response = resolved(
                responses.has(Integer.toString(status))
                        ? responses.path(Integer.toString(status))
                        : responses.path("default"));
        JsonNode described = response.path("content").path("application/json").path("schema");
        assertThat(described.isObject())
                .as("a described body of %s %s, %d", method, path, status)
                .isTrue();
        ObjectNode schema = described.deepCopy();
        schema.set("components", api.document().path("components").deepCopy());
        close(schema);
        return schema;
    }

    private OpenApi.Operation operation(String method, String path) {
        return api.operations().stream()
                .filter(each -> each.method().equals(method) && matches(each.path(), path))
                .min((a, b) -> Long.compare(parameters(a), parameters(b)))
                .orElseThrow(() -> new AssertionError("no such route is described: " + method + " " + path));
    }

    private static long parameters(OpenApi.Operation operation) {
        return operation.path().chars().filter(c -> c == '{').count();
    }

    private static boolean matches(String template, String path) {
        return Pattern.matches(template.replaceAll("\\{\\w+}", "[^/]+"), path);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? api.document().at(node.path("$ref").asText().substring(1)) : node;
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(DescribedCalls::close);
    }
}
