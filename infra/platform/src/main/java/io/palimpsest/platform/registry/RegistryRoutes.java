package io.palimpsest.platform.registry;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/registry/artifacts}, {@code GET /v1/registry/artifacts/{id}}, {@code GET /v1/registry/artifacts/{id}/card}, {@code GET
 * /v1/registry/aliases}; in every process, since all of it is in the database. An id is written whole, or as its digest. Role
 * AUDIT; a key sees what belongs to its collections, and what belongs to nobody with its own collections' uses.
 */
public final class RegistryRoutes implements Routes {
    private final Registry registry;
    private final Aliases aliases;
    private final Cards cards;
    private final InstantSource clock;

    public RegistryRoutes(Registry registry, Aliases aliases, Cards cards, InstantSource clock) {
        this.registry = registry;
        this.aliases = aliases;
        this.cards = cards;
        this.clock = clock;
    }

    private record Listed(List<Artifact> artifacts) {}

    private record Pointed(Instant at, List<Aliases.Move> aliases, List<Aliases.Move> history) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/registry/artifacts", this::artifacts);
        routes.get("/v1/registry/artifacts/{id}", this::artifact);
        routes.get("/v1/registry/artifacts/{id}/card", this::card);
        routes.get("/v1/registry/aliases", this::aliases);
    }

    private void artifacts(Context context) {
        Caller caller = Callers.require(context, Role.AUDIT);
        Optional<ArtifactKind> kind =
                Optional.ofNullable(context.queryParam("kind")).map(RegistryRoutes::kind);
        context.json(new Listed(registry.list(each -> kind.isEmpty() || kind.get() == each, sees(caller))));
    }

    private void artifact(Context context) {
        Caller caller = Callers.require(context, Role.AUDIT);
        context.json(registry.find(context.pathParam("id"), sees(caller)));
    }

    private void card(Context context) {
        Caller caller = Callers.require(context, Role.AUDIT);
        Card card = cards.of(registry.find(context.pathParam("id"), sees(caller)), sees(caller));
        if ("html".equals(context.queryParam("format"))) {
            context.contentType("text/html; charset=utf-8").result(card.html());
        } else {
            context.json(card);
        }
    }

    private void aliases(Context context) {
        Caller caller = Callers.require(context, Role.AUDIT);
        Instant at = at(context.queryParam("at"));
        context.json(new Pointed(at, seen(caller, aliases.at(at)), seen(caller, aliases.history())));
    }

    private static List<Aliases.Move> seen(Caller caller, List<Aliases.Move> moves) {
        return moves.stream()
                .filter(move -> sees(caller).test(move.collection()))
                .toList();
    }

    private static Predicate<CollectionKey> sees(Caller caller) {
        return caller::mayUse;
    }

    private static ArtifactKind kind(String word) {
        try {
            return ArtifactKind.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(
                    ErrorCode.ARTIFACT_UNKNOWN,
                    "there is no kind " + word + "; there are " + List.of(ArtifactKind.values()),
                    e);
        }
    }

    private Instant at(@Nullable String text) {
        try {
            return text == null ? clock.instant() : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new PalimpsestException(ErrorCode.EVIDENCE_INVALID, "at is not an instant", e);
        }
    }
}
