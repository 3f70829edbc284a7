package io.palimpsest.index.erase;

import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.key;
import static io.palimpsest.index.passages.Corpus.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.InMemoryEmbeddingCache;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LateWritesTest {
    private static final ModelId MODEL = new ModelId("mini/fp32/00000000");

    @TempDir
    private Path folder;

    @Test
    void whatAnErasureHasOvertakenIsTakenOutAgainAndNotReported() {
        try (TestDatabases databases = TestDatabases.files(folder);
                Database database = Database.open(databases.fresh());
                InMemoryPassageIndex index = new InMemoryPassageIndex()) {
            index.createGeneration(GENERATION);
            Suppressions suppressions = new Suppressions(database.sql(), new byte[32], Clock.systemUTC());
            InMemoryEmbeddingCache cache = new InMemoryEmbeddingCache();
            ContentHash secret = ContentHash.ofText("a secret");
            ContentHash other = ContentHash.ofText("no secret");
            cache.put(MODEL, Map.of(secret, new float[] {1}, other, new float[] {1}));
            LateWrites writes = new LateWrites(index, cache, suppressions);
            suppressions.add(key("erased"), "e1");

            ApplyResult result =
                    writes.apply(GENERATION.id(), List.of(put("erased", 1, "a secret"), put("kept", 1, "no secret")));

            assertThat(result.outcomes().get(0))
                    .isInstanceOfSatisfying(
                            ApplyResult.Ignored.class,
                            ignored -> assertThat(ignored.currentVersion()).isGreaterThan(ignored.version()));
            assertThat(result.outcomes().get(1)).isInstanceOf(ApplyResult.Applied.class);
            assertThat(index.traces(GENERATION.id(), key("erased"))).isZero();
            assertThat(index.traces(GENERATION.id(), key("kept"))).isPositive();
            assertThat(cache.find(MODEL, List.of(secret, other))).containsOnlyKeys(other);
            assertThat(writes.apply(GENERATION.id(), List.of(Corpus.delete("erased", 2)))
                            .outcomes())
                    .as("its own delete")
                    .hasOnlyElementsOfType(ApplyResult.Applied.class);
        }
    }
}
