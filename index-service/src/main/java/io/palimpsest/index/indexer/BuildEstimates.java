package io.palimpsest.index.indexer;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.embed.EmbeddingCache;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says what a generation would cost, from a sample of the collection's documents: which of their texts the model has not embedded,
 * and how fast it embeds some of those.
 */
public final class BuildEstimates {
    private static final int SAMPLED_DOCUMENTS = 200;
    /** A second or two of embedding. */
    private static final int TIMED_TEXTS = 32;

    private final GenerationBuilds.Sources from;
    private final EmbeddingCache cache;

    public BuildEstimates(GenerationBuilds.Sources from, EmbeddingCache cache) {
        this.from = from;
        this.cache = cache;
    }

    /**
     * What a build would do.
     *
     * @param textsToEmbed that the model has not embedded; reckoned from the sample where not all documents are in it
     * @param sampledDocuments that were looked at
     */
    public record Estimate(
            ModelId model, long documents, long passages, long textsToEmbed, long seconds, long sampledDocuments) {}

    public Estimate of(CollectionKey collection, ModelId model) {
        List<DocumentRevised> live = new ArrayList<>();
        from.revisions().forEach(revision -> {
            if (revision.state() == DocumentRevised.State.LIVE
                    && revision.key().collectionKey().equals(collection)) {
                live.add(revision);
            }
        });
        live.sort(Comparator.comparing(
                revision -> revision.key().hash())); // any order that has nothing to do with length
        long passages = live.stream().mapToLong(DocumentRevised::passageCount).sum();
        CachingEmbedder embedder = from.embedders().apply(model);
        List<DocumentRevised> sample = live.subList(0, Math.min(SAMPLED_DOCUMENTS, live.size()));
        Map<ContentHash, String> texts = new LinkedHashMap<>();
        long sampled = 0;
        for (DocumentRevised revision : sample) {
            List<String> own = Prepared.texts(List.of(Prepared.read(from.store(), revision)));
            sampled += own.size();
            own.forEach(text -> texts.putIfAbsent(ContentHash.ofText(text), text));
        }
        Set<ContentHash> known = cache.find(model, texts.keySet()).keySet();
        List<String> unknown = texts.entrySet().stream()
                .filter(text -> !known.contains(text.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        double share = sampled == 0 ? 0 : unknown.size() / (double) sampled;
        long toEmbed = sample.size() == live.size() ? unknown.size() : Math.round(share * passages);
        double seconds = toEmbed * secondsEach(embedder, unknown) * 100 / from.percent();
        return new Estimate(model, live.size(), passages, toEmbed, (long) Math.ceil(seconds), sample.size());
    }

    /** What is embedded for it is cached, and not embedded again by the build. */
    private static double secondsEach(CachingEmbedder embedder, List<String> unknown) {
        List<String> timed = unknown.subList(0, Math.min(TIMED_TEXTS, unknown.size()));
        if (timed.isEmpty()) {
            return 0;
        }
        long began = System.nanoTime();
        int vectors = embedder.embed(timed).size();
        return (System.nanoTime() - began) / 1e9 / vectors;
    }
}
