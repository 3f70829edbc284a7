package io.palimpsest.index.weaviate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.weaviate.client6.v1.api.collections.query.Filter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What there is in the server: the name of this incarnation, and the generations with their collections. Kept in a
 * collection of its own, so that it is lost with the rest. Threading: any; one thread at a time makes and drops.
 */
final class Catalog {
    private static final String INCARNATION = "incarnation";
    private static final String GENERATION = "generation";
    private static final Set<String> PROPERTIES = Set.of(Fields.KIND, Fields.NAME, Fields.BODY);

    private final Engine engine;
    private final String prefix;
    private final Place place;
    private final Inspection inspection;

    /** How far a generation is: one that is being made or dropped is finished by the next who makes or drops it. */
    private enum State {
        MAKING,
        READY,
        DROPPING
    }

    /** @param token is on its collections too: they are the ones that were made for it */
    private record Entry(
            @JsonProperty("id") String id,
            @JsonProperty("tenant") String tenant,
            @JsonProperty("collection") String collection,
            @JsonProperty("model") String model,
            @JsonProperty("policy") String policy,
            @JsonProperty("dimensions") int dimensions,
            @JsonProperty("token") String token,
            @JsonProperty("state") State state) {
        static Entry of(Generation generation, String token, State state) {
            return new Entry(
                    generation.id().value(),
                    generation.collection().tenant().value(),
                    generation.collection().collection().value(),
                    generation.model().value(),
                    generation.policy().value(),
                    generation.dimensions(),
                    token,
                    state);
        }

        Generation generation() {
            return new Generation(
                    new GenerationId(id),
                    CollectionKey.of(tenant, collection),
                    new ModelId(model),
                    new PassagePolicyId(policy),
                    dimensions);
        }
    }

    private Catalog(Engine engine, String prefix) {
        this.engine = engine;
        this.prefix = prefix;
        this.place = new Place(prefix + "_Catalog", null);
        this.inspection = new Inspection(engine, prefix);
    }

    static Catalog open(Engine engine, String prefix) {
        Catalog catalog = new Catalog(engine, prefix);
        engine.connection().ensure(Schema.catalog(catalog.place.collection()));
        return catalog;
    }

    /**
     * The name of what is there; a new one where something that was there is gone.
     *
     * @throws PalimpsestException {@code INDEX_REFUSED} where a collection is of another shape
     */
    String incarnation() {
        boolean lost = false;
        for (Entry entry : entries()) {
            if (entry.state() == State.READY && !inspection.isWhole(entry.generation(), entry.token())) {
                drop(new GenerationId(entry.id()));
                lost = true;
            }
        }
        String id = ObjectIds.catalog(INCARNATION, "");
        Optional<String> known = engine.reads().byIds(place, List.of(id), PROPERTIES).stream()
                .map(item -> item.text(Fields.BODY))
                .findFirst();
        if (known.isPresent() && !lost) {
            return known.get();
        }
        if (known.isPresent()) {
            engine.writes().deleteIds(place, List.of(id));
        }
        engine.writes()
                .insertNew(
                        place,
                        new Item(
                                id,
                                Map.of(
                                        Fields.KIND,
                                        INCARNATION,
                                        Fields.NAME,
                                        INCARNATION,
                                        Fields.BODY,
                                        UUID.randomUUID().toString().substring(0, 8)),
                                null,
                                0));
        return engine.reads().byIds(place, List.of(id), PROPERTIES).getFirst().text(Fields.BODY);
    }

    private List<Entry> entries() {
        return engine
                .reads()
                .fetch(place, Filter.property(Fields.KIND).eq(GENERATION), Engine.MAX_RESULTS, PROPERTIES)
                .stream()
                .map(Catalog::entry)
                .sorted(Comparator.comparing(Entry::id))
                .toList();
    }

    private Optional<Entry> entry(GenerationId id) {
        return engine.reads().byIds(place, List.of(ObjectIds.catalog(GENERATION, id.value())), PROPERTIES).stream()
                .map(Catalog::entry)
                .findFirst();
    }

    private static Entry entry(Item item) {
        return Json.read(item.text(Fields.BODY).getBytes(StandardCharsets.UTF_8), Entry.class);
    }

    List<Generation> generations() {
        return entries().stream()
                .filter(entry -> entry.state() == State.READY)
                .map(Entry::generation)
                .toList();
    }

    Optional<Generation> generation(GenerationId id) {
        return entry(id).filter(entry -> entry.state() == State.READY).map(Entry::generation);
    }

    /** Makes its collections, or checks that they are as they should be. */
    Shelf make(Generation generation) {
        Optional<Entry> known = entry(generation.id());
        if (known.isPresent() && known.get().state() == State.DROPPING) {
            drop(generation.id());
            known = Optional.empty();
        }
        if (known.isPresent() && !known.get().generation().equals(generation)) {
            throw new IllegalArgumentException("generation " + generation.id() + " exists with other properties");
        }
        Shelf shelf = new Shelf(prefix, generation);
        if (known.isPresent() && known.get().state() == State.READY) {
            if (!inspection.isWhole(generation, known.get().token())) {
                throw engine.connection().failures().lost("generation " + generation.id());
            }
            return shelf;
        }
        String token = known.map(Entry::token).orElseGet(() -> UUID.randomUUID().toString());
        if (known.isEmpty()) {
            refuseStrangers(generation.id());
            engine.writes().insertFirst(place, item(Entry.of(generation, token, State.MAKING)));
        }
        for (Schema.Table table : Schema.tables(shelf, token, engine.settings())) {
            engine.connection().ensure(table);
            engine.connection()
                    .ensureTenant(table.name(), generation.collection().tenant().value());
        }
        engine.writes().replace(place, item(Entry.of(generation, token, State.READY)));
        return shelf;
    }

    private void refuseStrangers(GenerationId id) {
        for (String part : Shelf.PARTS) {
            String name = Shelf.name(prefix, id, part);
            if (engine.connection().config(name).isPresent()) {
                throw new PalimpsestException(
                        ErrorCode.INDEX_REFUSED,
                        "collection " + name + " of " + engine.address() + " is not in the catalog "
                                + place.collection() + ": delete it, or choose another index.weaviate.prefix");
            }
        }
    }

    void drop(GenerationId id) {
        Optional<Entry> known = entry(id);
        if (known.isEmpty()) {
            return;
        }
        engine.writes()
                .replace(
                        place,
                        item(Entry.of(known.get().generation(), known.get().token(), State.DROPPING)));
        Shelf.PARTS.forEach(part -> engine.connection().drop(Shelf.name(prefix, id, part)));
        engine.writes().deleteIds(place, List.of(ObjectIds.catalog(GENERATION, id.value())));
    }

    private static Item item(Entry entry) {
        return new Item(
                ObjectIds.catalog(GENERATION, entry.id()),
                Map.of(Fields.KIND, GENERATION, Fields.NAME, entry.id(), Fields.BODY, Json.writeText(entry)),
                null,
                0);
    }
}
