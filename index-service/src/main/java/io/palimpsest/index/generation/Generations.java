package io.palimpsest.index.generation;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live generation of each collection: the one built with the configured model and passage policy, made when its
 * first document arrives. The ledger is told of each live generation when it is made, and at each start again: a process
 * may end between the making and the telling, and the same generation is the same entry. Another model or policy is another generation, filled from the compacted revisions.
 *
 * <p>Threading: safe.
 */
public final class Generations implements LiveGenerations {
    private final PassageIndex index;
    private final Turn turn;
    private final ModelId model;
    private final int dimensions;
    private final PassagePolicyId policy;
    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final InstantSource clock;
    private final Map<CollectionKey, Generation> live;

    /** Runs an action while no other process runs one; the action may run again where that is not certain. */
    @FunctionalInterface
    public interface Turn {
        void take(Runnable action);
    }

    /** @param turn index servers cannot make a generation once only when two processes begin at the same time */
    public Generations(
            PassageIndex index, Turn turn, Built with, LedgerEntries entries, LedgerSink ledger, InstantSource clock) {
        this.index = index;
        this.turn = turn;
        this.model = with.model();
        this.dimensions = with.dimensions();
        this.policy = with.policy();
        this.entries = entries;
        this.ledger = ledger;
        this.clock = clock;
        this.live = new ConcurrentHashMap<>();
        lookAgain();
        live.values().forEach(this::record);
    }

    /** What generations are built with. */
    public record Built(ModelId model, int dimensions, PassagePolicyId policy) {}

    /** For writing: made when it does not exist yet. */
    public Generation forWriting(CollectionKey collection) {
        return live.computeIfAbsent(collection, this::make);
    }

    /** For searching: empty when nothing was ever indexed in the collection, by whichever process. */
    @Override
    public Optional<Generation> live(CollectionKey collection) {
        Generation known = live.get(collection);
        if (known == null) {
            lookAgain();
            known = live.get(collection);
        }
        return Optional.ofNullable(known);
    }

    private void lookAgain() {
        index.generations().stream()
                .filter(generation -> generation.id().equals(idFor(generation.collection())))
                .forEach(generation -> live.putIfAbsent(generation.collection(), generation));
    }

    /** Changes with model and policy: the part of consumer group names that makes a new generation start over. */
    public String signature() {
        return ContentHash.ofText(model + "\n" + policy).value().substring(0, 12);
    }

    private GenerationId idFor(CollectionKey collection) {
        return new GenerationId(collection.tenant() + "." + collection.collection() + "." + signature());
    }

    private Generation make(CollectionKey collection) {
        Generation generation = new Generation(idFor(collection), collection, model, policy, dimensions);
        turn.take(() -> index.createGeneration(generation));
        record(generation);
        return generation;
    }

    private void record(Generation generation) {
        CollectionKey collection = generation.collection();
        ledger.record(entries.entry(
                LedgerEntry.Type.GENERATION_MADE,
                clock.instant(),
                "service:index",
                new LedgerEntries.Scope(collection.tenant(), collection.collection()),
                generation.id().value(),
                Map.of(
                        "generation",
                        generation.id().value(),
                        "model",
                        generation.model().value(),
                        "policy",
                        generation.policy().value()),
                null));
    }
}
