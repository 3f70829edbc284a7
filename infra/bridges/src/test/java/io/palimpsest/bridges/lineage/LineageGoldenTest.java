package io.palimpsest.bridges.lineage;

import static io.palimpsest.bridges.BridgeWorld.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClientUtils;
import io.palimpsest.bridges.BridgeWorld;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.registry.RegistryTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events as others read them; {@code -Dpalimpsest.regenerate=true} writes them anew. */
final class LineageGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final LineageEvents events = new LineageEvents("palimpsest");

    @Test
    void ofAnIngestion() throws Exception {
        IngestionWindow window = new IngestionWindow("0:5,1:7,2:0,3:2");
        for (int i = 0; i < 5; i++) {
            window.add(BridgeWorld.accepted(i, i == 4 ? "/folder" : "https://wiki.example.org"));
        }
        agree("ingestion", window.events(events));
    }

    @Test
    void ofABuildAndATraining(@TempDir Path folder) throws Exception {
        List<RunEvent> told = new ArrayList<>();
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            BridgeWorld.rows(database.sql());
            LineageTeller teller = new LineageTeller(new RegistryTables(database.sql()), events, new KeptEvents(told));
            Map<String, String> generation = Map.of("generation", "g2", "model", MODEL, "policy", "content-defined/1");
            Map<String, String> lost = Map.of("generation", "g9", "model", MODEL, "policy", "content-defined/1");
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.GENERATION_MADE, "g2", generation));
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.GENERATION_LIVE, "g2\n2", generation));
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.GENERATION_DROPPED, "g2", generation)); // it was live
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.GENERATION_DROPPED, "g9", lost));
            agree("index-build", told);
            told.clear();
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.RUN_ENDED, "run-1", Map.of("run", "run-1")));
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.RUN_ENDED, "run-0", Map.of("run", "run-0"))); // none
            agree("training", told);
            told.clear();
            database.sql().update("DELETE FROM run_stage WHERE stage = 'TRAIN'");
            database.sql().update("UPDATE run SET outcome = 'FAILED', model = NULL, reason = 'PAL-830: no memory'");
            teller.tell(BridgeWorld.entry(LedgerEntry.Type.RUN_ENDED, "run-1", Map.of("run", "run-1")));
            agree("failed-training", told);
        }
    }

    private record KeptEvents(List<RunEvent> kept) implements EventSender {
        @Override
        public void send(List<RunEvent> events) {
            kept.addAll(events);
        }

        @Override
        public void close() {}
    }

    /** With the golden file, and with the client's own reading of it. */
    private static void agree(String name, List<RunEvent> told) throws Exception {
        List<JsonNode> written = new ArrayList<>();
        for (RunEvent event : told) {
            String json = OpenLineageClientUtils.toJson(event);
            JsonNode node = JSON.readTree(json);
            assertThat(JSON.readTree(OpenLineageClientUtils.toJson(OpenLineageClientUtils.runEventFromJson(json))))
                    .isEqualTo(node);
            for (String required : List.of("eventTime", "producer", "schemaURL", "run", "job", "eventType")) {
                assertThat(node.hasNonNull(required)).as(required).isTrue();
            }
            written.add(node);
        }
        String text = JSON.writeValueAsString(written) + "\n";
        Path file = GOLDEN.resolve(name + ".json");
        if (Boolean.getBoolean("palimpsest.regenerate")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, text);
        }
        assertThat(JSON.readTree(text)).isEqualTo(JSON.readTree(file.toFile()));
    }
}
