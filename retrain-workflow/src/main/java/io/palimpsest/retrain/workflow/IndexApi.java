package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.HttpSearch;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Generations of the index service, by HTTP.
 *
 * <p>Threading: safe. Failure: {@code INDEX_UNAVAILABLE} where it does not answer or is not ready; what it refuses is thrown with
 * the code that it gave.
 */
public final class IndexApi {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int CONFLICT = 409;

    private final HttpClient http;
    private final Supplier<Access> access;

    /** Where it is, and a key with the roles SEARCH, OPERATE and APPROVE; asked at each call. */
    public record Access(URI base, String key) {
        @Override
        public String toString() {
            return base.toString(); // not the key
        }
    }

    /**
     * A generation as the index service tells of it.
     *
     * @param state BUILDING, READY, LIVE, RETIRED or FAILED
     * @param etaSeconds of the build; null where it is not known
     */
    public record Standing(
            GenerationId id,
            ModelId model,
            String state,
            double share,
            @Nullable Long etaSeconds) {}

    /** @param access where it is: known once its server runs */
    public IndexApi(HttpClient http, Supplier<Access> access) {
        this.http = http;
        this.access = access;
    }

    /** The live one; empty before the first document. */
    Optional<Standing> live(CollectionId collection) {
        return find(collection, standing -> standing.state().equals("LIVE"));
    }

    /** One that searches with this model and may become live, or is. */
    Optional<Standing> of(CollectionId collection, ModelId model) {
        return find(
                collection,
                standing -> standing.model().equals(model)
                        && !standing.state().equals("FAILED")
                        && !standing.state().equals("RETIRED"));
    }

    /** This one; empty where it was dropped. */
    Optional<Standing> find(CollectionId collection, GenerationId generation) {
        return find(collection, standing -> standing.id().equals(generation));
    }

    /** Whatever state they are in. */
    List<Standing> all(CollectionId collection) {
        List<Standing> all = new ArrayList<>();
        get(path(collection, "")).path("generations").forEach(one -> all.add(standing(one)));
        return all;
    }

    private Optional<Standing> find(CollectionId collection, Predicate<Standing> wanted) {
        return all(collection).stream().filter(wanted).findFirst();
    }

    Standing make(CollectionId collection, ModelId model) {
        return standing(send("POST", path(collection, ""), Map.of("model", model.value())));
    }

    Standing get(CollectionId collection, GenerationId generation) {
        return standing(get(path(collection, "/" + generation)));
    }

    void shadow(CollectionId collection, GenerationId generation, double share) {
        send("PUT", path(collection, "/" + generation + "/shadow"), Map.of("share", share));
    }

    /** @return why it was refused; empty where it is live now */
    Optional<String> swap(CollectionId collection, GenerationId generation, String reason) {
        try {
            send("POST", path(collection, "/" + generation + "/swap"), Map.of("reason", reason));
            return Optional.empty();
        } catch (PalimpsestException e) {
            if (e.code().httpStatus() == CONFLICT) {
                return Optional.of(e.code().name());
            }
            throw e;
        }
    }

    void rollBack(CollectionId collection, GenerationId from, String reason) {
        send("POST", "/v1/collections/" + collection + "/rollback", Map.of("reason", reason, "from", from.value()));
    }

    void drop(CollectionId collection, GenerationId generation) {
        send("DELETE", path(collection, "/" + generation), null);
    }

    /** @param generation null: the live one */
    SearchUnderTest search(CollectionId collection, @Nullable GenerationId generation) {
        Access at = access.get();
        return new HttpSearch(http, new HttpSearch.Target(at.base(), at.key(), collection, generation, null), 0);
    }

    private static String path(CollectionId collection, String rest) {
        return "/v1/collections/" + collection + "/generations" + rest;
    }

    private static Standing standing(JsonNode node) {
        JsonNode build = node.path("build");
        double all = build.path("passages").asDouble();
        return new Standing(
                new GenerationId(node.path("id").asText()),
                new ModelId(node.path("model").asText()),
                node.path("state").asText(),
                all > 0 ? build.path("passagesDone").asDouble() / all : 0,
                build.path("etaSeconds").isNumber() ? build.path("etaSeconds").asLong() : null);
    }

    private JsonNode get(String path) {
        return send("GET", path, null);
    }

    private JsonNode send(String method, String path, @Nullable Map<String, ?> body) {
        Access at = access.get();
        HttpRequest request = HttpRequest.newBuilder(at.base().resolve(path))
                .header("Authorization", "Bearer " + at.key())
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = response.body().length == 0
                    ? Json.mapper().createObjectNode()
                    : Json.mapper().readTree(response.body());
            if (response.statusCode() >= 300) {
                throw refused(method + " " + path, response.statusCode(), answer);
            }
            return answer;
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.INDEX_UNAVAILABLE, "the index service at " + at + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, "interrupted", e);
        }
    }

    private static PalimpsestException refused(String call, int status, JsonNode problem) {
        String id = problem.path("code").asText();
        for (ErrorCode code : ErrorCode.values()) {
            if (code.id().equals(id)) {
                return new PalimpsestException(
                        code, call + ": " + problem.path("message").asText());
            }
        }
        return new PalimpsestException(
                status >= 500 ? ErrorCode.INDEX_UNAVAILABLE : ErrorCode.INTERNAL, call + " gave status " + status);
    }
}
