package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexWear;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.ListedDocument;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.WriteRules;
import io.palimpsest.index.words.WordAnalysis;
import io.palimpsest.platform.config.WeaviateSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The index of passages in a Weaviate server (1.32 or later), through its official client. Any number of processes may
 * use one server.
 *
 * <p>Failure: {@code INDEX_UNAVAILABLE} while the server does not answer, {@code INDEX_REFUSED} where no repetition helps;
 * messages name the server and what to do.
 */
public final class WeaviatePassageIndex implements PassageIndex {
    private final Engine engine;
    private final Catalog catalog;
    private final String incarnation;
    private final WordAnalysis analysis = new WordAnalysis();
    private final Map<GenerationId, GenerationIndex> open = new ConcurrentHashMap<>();

    public WeaviatePassageIndex(WeaviateSettings settings) {
        engine = new Engine(Connection.open(settings));
        try {
            catalog = Catalog.open(engine, settings.prefix());
            incarnation = catalog.incarnation();
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public String incarnation() {
        return incarnation;
    }

    @Override
    public synchronized void createGeneration(Generation generation) {
        catalog.make(generation);
    }

    @Override
    public List<Generation> generations() {
        return catalog.generations();
    }

    @Override
    public synchronized void dropGeneration(GenerationId generation) {
        open.remove(generation);
        catalog.drop(generation);
    }

    private GenerationIndex index(GenerationId id) {
        GenerationIndex index = open.get(id);
        if (index != null) {
            return index;
        }
        Generation generation = catalog.generation(id)
                .orElseThrow(() -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no generation " + id));
        return open.computeIfAbsent(
                id,
                key -> new GenerationIndex(engine, new Shelf(engine.settings().prefix(), generation), analysis));
    }

    @Override
    public ApplyResult apply(GenerationId generation, List<? extends DocumentWrite> writes) {
        return index(generation).apply(writes);
    }

    @Override
    public Optional<IndexedDocument> document(GenerationId generation, DocumentKey key, @Nullable Instant asOf) {
        return index(generation).reader().document(key, asOf);
    }

    @Override
    public LegHits search(GenerationId generation, PassageQuery query) {
        GenerationIndex index = index(generation);
        WriteRules.check(index.generation(), query);
        return index.reader().search(query);
    }

    @Override
    public IndexCounts counts(GenerationId generation) {
        return index(generation).reader().counts();
    }

    @Override
    public void each(GenerationId generation, Consumer<ListedDocument> reading) {
        index(generation).reader().each(reading);
    }

    @Override
    public List<DocumentDigest> digests(GenerationId generation, @Nullable DocumentKey after, int limit) {
        return index(generation).reader().digests(after, limit);
    }

    @Override
    public long purgeHistory(GenerationId generation, Instant before) {
        return index(generation).purge(before);
    }

    @Override
    public long erase(GenerationId generation, DocumentKey key) {
        return index(generation).erase(key);
    }

    @Override
    public long traces(GenerationId generation, DocumentKey key) {
        return index(generation).traces(key);
    }

    @Override
    public Optional<IndexWear> wear(GenerationId generation) {
        return Optional.of(index(generation).wear());
    }

    @Override
    public List<String> similarTerms(GenerationId generation, String term, int limit) {
        return index(generation).vocabulary().similar(term, limit);
    }

    @Override
    public long termFrequency(GenerationId generation, String term) {
        return index(generation).vocabulary().frequency(term);
    }

    @Override
    public void close() {
        open.clear();
        engine.close();
    }
}
