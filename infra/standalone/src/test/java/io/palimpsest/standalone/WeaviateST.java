package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KillableWeaviate;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole flow with the index in a Weaviate server, which is paused and killed on the way. */
@NeedsEngine(EngineKind.WEAVIATE)
final class WeaviateST {
    private static final List<String> MODES = List.of("keyword", "vector", "hybrid");

    @TempDir
    Path data = Path.of("");

    @Test
    void documentsAreFoundChangedAndGoneAndIntakeWaitsWhileTheServerIsAway() throws Exception {
        try (KillableWeaviate server = new KillableWeaviate(Map.of())) {
            Map<String, String> settings = Map.of(
                    "index.engine",
                    "weaviate",
                    "index.weaviate.host",
                    server.host(),
                    "index.weaviate.http.port",
                    Integer.toString(server.httpPort()),
                    "index.weaviate.grpc.port",
                    Integer.toString(server.grpcPort()),
                    "index.weaviate.timeout",
                    "PT2S",
                    "index.check.interval",
                    "PT1S");
            try (House house = House.start(data, settings)) {
                house.index("created", "doc:river", House.markdown("The river has a delta."));
                house.index("created", "doc:hill", House.markdown("The hill has a tower."));
                for (String mode : MODES) {
                    assertThat(house.found(mode, "river delta")).as(mode).contains("doc:river");
                }
                house.index("updated", "doc:river", House.markdown("The river has an estuary."));
                assertThat(house.found("keyword", "delta")).isEmpty();
                assertThat(house.found("keyword", "estuary")).containsExactly("doc:river");

                server.pause();
                String waiting = house.publish("created", "doc:late", House.markdown("Marram grows in the dunes."));
                House.until(() -> !indexers(house).isEmpty());
                server.goOn();
                assertThat(house.ended(waiting).path("state").asText()).isEqualTo("INDEXED");

                server.kill();
                String again = house.publish("created", "doc:later", House.markdown("Oxbow lakes are cut off."));
                String gone = house.publish("deleted", "doc:hill", "{}");
                House.until(() -> !indexers(house).isEmpty());
                server.startAgain();
                assertThat(house.ended(again).path("state").asText()).isEqualTo("INDEXED");
                assertThat(house.ended(gone).path("state").asText()).isEqualTo("DELETED");
                for (String mode : MODES) {
                    assertThat(house.found(mode, "hill tower")).as(mode).doesNotContain("doc:hill");
                    assertThat(house.found(mode, "oxbow lakes")).as(mode).contains("doc:later");
                    assertThat(house.found(mode, "marram dunes")).as(mode).contains("doc:late");
                }
                House.until(() -> indexers(house).isEmpty());
                House.until(
                        () -> house.get("/metrics", null).body().contains("palimpsest_index_canary_recall_ratio 1.0"));
            }
            try (House house = House.start(data, settings)) {
                assertThat(house.found("keyword", "oxbow lakes")).containsExactly("doc:later");
                assertThat(house.settled().path("indexed").asLong()).isGreaterThanOrEqualTo(5);
            }
        }
    }

    /** Lanes that say they fail and try again. */
    private static List<String> indexers(House house) throws Exception {
        JsonNode parts = House.json(house.get("/health/ready", null)).path("parts");
        return List.of("indexer-small", "indexer-large").stream()
                .filter(lane -> !parts.path(lane).path("ready").asBoolean(true))
                .toList();
    }
}
