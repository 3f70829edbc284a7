package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.retrain.canary.ServingIndex;
import io.palimpsest.retrain.evaluate.HttpSearch;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Generations of the index service, by HTTP.
 *
 * <p>Threading: safe. Failure: {@code INDEX_UNAVAILABLE} where it does not answer or is not ready; what it refuses is thrown with
 * the code that it gave.
 */
public final class IndexApi implements ServingIndex {
    private static final int CONFLICT = 409;

    private final HttpClient http;
    private final Function<TenantId, Access> access;
    private final ServiceCalls calls;

    /** Where it is, and a key of the tenant with the roles SEARCH, OPERATE and APPROVE; asked at each call. */
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
     * @param passages of the build; 0 while they are not counted
     * @param etaSeconds of the build; null where it is not known
     */
    public record Standing(
            GenerationId id,
            ModelId model,
            String state,
            long passagesDone,
            long passages,
            @Nullable Long etaSeconds) {}

    /**
     * @param http trusts its certificate
     * @param access where it is: known once its server runs
     */
    public IndexApi(HttpClient http, Function<TenantId, Access> access) {
        this.http = http;
        this.access = access;
        this.calls = new ServiceCalls(http, ErrorCode.INDEX_UNAVAILABLE, "index");
    }

    /** The live one; empty before the first document. */
    Optional<Standing> live(CollectionKey collection) {
        return find(collection, standing -> standing.state().equals("LIVE"));
    }

    /** One that searches with this model and may become live, or is. */
    Optional<Standing> of(CollectionKey collection, ModelId model) {
        return find(
                collection,
                standing -> standing.model().equals(model)
                        && !standing.state().equals("FAILED")
                        && !standing.state().equals("RETIRED"));
    }

    /** This one; empty where it was dropped. */
    Optional<Standing> find(CollectionKey collection, GenerationId generation) {
        return find(collection, standing -> standing.id().equals(generation));
    }

    /** Whatever state they are in. */
    List<Standing> all(CollectionKey collection) {
        List<Standing> all = new ArrayList<>();
        get(collection, path(collection, "")).path("generations").forEach(one -> all.add(standing(one)));
        return all;
    }

    private Optional<Standing> find(CollectionKey collection, Predicate<Standing> wanted) {
        return all(collection).stream().filter(wanted).findFirst();
    }

    Standing make(CollectionKey collection, ModelId model) {
        return standing(send(collection, "POST", path(collection, ""), Map.of("model", model.value())));
    }

    Standing get(CollectionKey collection, GenerationId generation) {
        return standing(get(collection, path(collection, "/" + generation)));
    }

    void shadow(CollectionKey collection, GenerationId generation, double share) {
        send(collection, "PUT", path(collection, "/" + generation + "/shadow"), Map.of("share", share));
    }

    /** @return why it was refused; empty where it is live now */
    Optional<String> swap(CollectionKey collection, GenerationId generation, String reason) {
        try {
            send(collection, "POST", path(collection, "/" + generation + "/swap"), Map.of("reason", reason));
            return Optional.empty();
        } catch (PalimpsestException e) {
            if (e.code().httpStatus() == CONFLICT) {
                return Optional.of(e.code().name());
            }
            throw e;
        }
    }

    void rollBack(CollectionKey collection, GenerationId from, String reason) {
        send(
                collection,
                "POST",
                "/v1/collections/" + collection.collection() + "/rollback",
                Map.of("reason", reason, "from", from.value()));
    }

    void drop(CollectionKey collection, GenerationId generation) {
        send(collection, "DELETE", path(collection, "/" + generation), null);
    }

    @Override
    public Optional<Serving> serving(CollectionKey collection) {
        return live(collection).map(standing -> new Serving(standing.id(), standing.model()));
    }

    @Override
    public SearchUnderTest search(CollectionKey collection, GenerationId generation) {
        Access at = access.apply(collection.tenant());
        return new HttpSearch(
                http, new HttpSearch.Target(at.base(), at.key(), collection.collection(), generation, null), 0);
    }

    private static String path(CollectionKey collection, String rest) {
        return "/v1/collections/" + collection.collection() + "/generations" + rest;
    }

    private static Standing standing(JsonNode node) {
        JsonNode build = node.path("build");
        return new Standing(
                new GenerationId(node.path("id").asText()),
                new ModelId(node.path("model").asText()),
                node.path("state").asText(),
                build.path("passagesDone").asLong(),
                build.path("passages").asLong(),
                build.path("etaSeconds").isNumber() ? build.path("etaSeconds").asLong() : null);
    }

    private JsonNode get(CollectionKey collection, String path) {
        return send(collection, "GET", path, null);
    }

    private JsonNode send(CollectionKey collection, String method, String path, @Nullable Map<String, ?> body) {
        return calls.send(access.apply(collection.tenant()), method, path, body);
    }
}
