package io.palimpsest.index.erase;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.embed.EmbeddingCache;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.DocumentWriter;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.erasure.Suppressions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The index for those who write revisions that they read some time ago: what the delete of an erasure has overtaken meanwhile is
 * taken out again, with the vectors that were cached for it, and is reported as ignored. Suppressions are asked for afterwards: so a
 * write either ends before the suppression, and the erasure finds it, or it is taken out here.
 */
public record LateWrites(PassageIndex index, EmbeddingCache cache, Suppressions suppressions)
        implements DocumentWriter {
    @Override
    public ApplyResult apply(GenerationId generation, List<? extends DocumentWrite> writes) {
        ApplyResult result = index.apply(generation, writes);
        Set<DocumentKey> late = suppressions.among(writes.stream()
                .filter(DocumentWrite.Put.class::isInstance)
                .map(DocumentWrite::key)
                .collect(Collectors.toSet()));
        if (late.isEmpty()) {
            return result;
        }
        late.forEach(document -> {
            long unused = index.erase(generation, document);
        });
        long unused = cache.remove(writes.stream()
                .filter(write -> late.contains(write.key()))
                .flatMap(LateWrites::texts)
                .toList());
        return new ApplyResult(IntStream.range(0, writes.size())
                .mapToObj(at -> late.contains(writes.get(at).key())
                        ? overtaken(writes.get(at))
                        : result.outcomes().get(at))
                .toList());
    }

    private static Stream<ContentHash> texts(DocumentWrite write) {
        return write instanceof DocumentWrite.Put put
                ? put.passages().stream().map(passage -> ContentHash.ofText(passage.embeddedText()))
                : Stream.empty();
    }

    private static ApplyResult.Outcome overtaken(DocumentWrite write) {
        return new ApplyResult.Ignored(write.key(), write.version(), Long.MAX_VALUE);
    }
}
