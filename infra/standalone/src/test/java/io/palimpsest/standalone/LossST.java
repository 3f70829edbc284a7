package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is lost on the disk: the index comes back by itself, damaged content costs its own document and no other. */
final class LossST {
    @TempDir
    Path data;

    @Test
    void lostIndexIsRebuiltAndDamagedContentHoldsUpNothing() throws Exception {
        String damaged;
        try (House house = House.start(data, Map.of())) {
            house.index("created", "urn:heron", House.markdown("# Heron\n\nThe heron stands in shallow water."));
            house.index("created", "urn:stork", House.markdown("# Stork\n\nThe stork nests on chimneys."));
            damaged = house.publish("created", "urn:crane", House.markdown("# Crane\n\nThe crane dances in spring."));
            assertThat(house.ended(damaged).path("state").asText()).isEqualTo("INDEXED");
            house.ended(house.publish("deleted", "urn:stork", "{}"));
        }
        deleteTree(data.resolve("index"));
        truncateContentOf("urn:crane");

        try (House house = House.start(data, Map.of())) {
            House.until(() -> house.found("hybrid", "shallow water").equals(List.of("urn:heron")));
            House.until(() ->
                    house.get("/v1/changes/" + damaged).path("state").asText().equals("QUARANTINED"));
            JsonNode change = house.get("/v1/changes/" + damaged);
            assertThat(change.path("errorCode").asText()).isEqualTo("PAL-209");
            assertThat(house.found("hybrid", "dances in spring chimneys")).doesNotContain("urn:crane", "urn:stork");
            house.settled();
            assertThat(house.ledger()).extracting(LedgerEntry::type).contains(LedgerEntry.Type.DOCUMENT_HIDDEN);

            house.ended(house.publish("deleted", "urn:crane", "{}"));
            house.index("created", "urn:crane", House.markdown("# Crane\n\nThe crane dances in spring."));
            House.until(() -> house.found("hybrid", "dances in spring").contains("urn:crane"));
        }
    }

    private void truncateContentOf(String document) throws IOException {
        String hash = new DocumentKey(
                        CollectionKey.of("local", "default").tenant(),
                        CollectionKey.of("local", "default").collection(),
                        new DocumentId(document))
                .hash();
        Path folder = data.resolve("content/local/default")
                .resolve(hash.substring(0, 2))
                .resolve(hash);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
