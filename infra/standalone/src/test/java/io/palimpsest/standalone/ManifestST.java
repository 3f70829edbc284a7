package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.ledger.witness.FileWitnessMemory;
import io.palimpsest.ledger.witness.TrustedLogs;
import io.palimpsest.ledger.witness.Witness;
import io.palimpsest.ledger.witness.WitnessServer;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a passage was in the index at a moment is proven from a file, and a swap waits for witnesses. */
final class ManifestST {
    private static final String GENERATIONS = "/v1/collections/default/generations";
    private static final String MANIFESTS = GENERATIONS + "/live/manifests";
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private final NoteSigner signer = NoteSigner.generate("log.test/ledger", KeyType.ED25519, CLOCK);
    private final NoteSigner witness = NoteSigner.generate("witness.test", KeyType.COSIGNATURE_V1, CLOCK);
    private final Cli cli = new Cli();

    @Test
    void whatWasInTheIndexIsProvenOfflineWhateverBecameOfItSince() throws Exception {
        try (House house = House.start(folder.resolve("data"), Map.of("ledger.manifest.every", "PT1S"))) {
            String key = house.get("/v1/ledger").path("keys").path(0).asText();
            house.index("created", "urn:eels", House.markdown("# Eels\n\nEels swim to the Sargasso Sea."));
            house.index("created", "urn:newts", House.markdown("# Newts\n\nNewts do not."));
            String passage = hit(house, "sargasso");
            made(house);
            Instant then = Instant.parse(
                    house.get(MANIFESTS).path("manifests").path(0).path("at").asText());
            Path there = folder.resolve("there.passage-proof");
            audit(house, "passage", "urn:eels", "--passage", passage, "--output", there.toString());
            assertThat(cli.said()).contains("It was there");
            house.publish("deleted", "urn:eels", "{}");
            house.settled();
            made(house);
            Path gone = folder.resolve("gone.passage-proof");
            audit(house, "passage", "urn:eels", "--output", gone.toString());
            assertThat(cli.said()).contains("It was not there");
            Path before = folder.resolve("before.passage-proof");
            Path text = Files.writeString(folder.resolve("text"), "Eels\nEels swim to the Sargasso Sea.");
            audit(
                    house,
                    "passage",
                    "urn:eels",
                    "--text",
                    text.toString(),
                    "--at",
                    then.toString(),
                    "--output",
                    before.toString());
            assertThat(cli.said()).contains("It was there");
            Path leaves = folder.resolve("leaves.manifest");
            audit(house, "manifest", "--out", leaves.toString());
            audit(house, "manifest");
            assertThat(cli.said()).contains("ASKED").contains(" passages");
            assertThat(audited(house, "passage", "urn:eels", "--at", "2020-01-01T00:00:00Z"))
                    .isNotZero();
            assertThat(cli.said()).contains(ErrorCode.MANIFEST_MISSING.id());
            HttpResponse<String> invalid =
                    house.send(house.request(MANIFESTS + "/proof?document=a%01b", house.palimpsest.key())
                            .GET()
                            .build());
            assertThat(invalid.statusCode()).as(invalid.body()).isEqualTo(400);
            assertThat(house.send(house.request(MANIFESTS, "wrong").GET().build())
                            .statusCode())
                    .isEqualTo(401);
            house.close();
            verified(there, key, "had passage " + passage + " of document urn:eels (revision 1)");
            verified(gone, key, "did not have document urn:eels");
            verified(before, key, "had passage " + passage);
            verified(leaves, key, "passages of 1 documents");
            assertThat(Files.readString(gone)).doesNotContain("urn:newts", "Newts");
            Files.writeString(gone, Files.readString(gone).replace("claim absent", "claim present"));
            assertThat(cli.run("audit", "verify", gone.toString(), "--key", key))
                    .isEqualTo(1);
        }
    }

    @Test
    void aSwapWaitsUntilAWitnessHasSeenWhatIsIntended() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        Path keyFile = Files.writeString(folder.resolve("key"), signer.text());
        int port;
        try (WitnessServer server = witness(0)) {
            port = server.prefix().getPort();
        }
        Map<String, String> settings = Map.of(
                "ledger.origin", "log.test/ledger",
                "ledger.key.file", keyFile.toString(),
                "ledger.witnesses", witness.key().text() + " http://127.0.0.1:" + port,
                "ledger.witness.quorum", "1",
                "ledger.witness.every", "PT0.2S",
                "generation.swap.witnessed", "true",
                "generation.swap.wait", "PT1S");
        try (House house = House.start(data, settings)) {
            house.index("created", "urn:1", House.markdown("# One\n\nThe anvil of smith one."));
            String before = house.get(GENERATIONS).path("live").asText();
            String made = House.json(call(house, "POST", GENERATIONS, Map.of("model", registered(house))))
                    .path("id")
                    .asText();
            String one = GENERATIONS + "/" + made;
            House.until(() -> house.get(one).path("state").asText().equals("READY"));
            House.until(() -> !house.get(one + "/manifests").path("manifests").isEmpty());
            HttpResponse<String> refused = call(house, "POST", one + "/swap", Map.of("reason", "better"));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains(ErrorCode.SWAP_UNWITNESSED.id());
            assertThat(house.get(GENERATIONS).path("live").asText()).isEqualTo(before);
            try (WitnessServer server = witness(port)) {
                House.until(() -> call(house, "POST", one + "/swap", Map.of("reason", "better"))
                                .statusCode()
                        == 200);
                assertThat(server.prefix().getPort()).isEqualTo(port);
            }
            assertThat(house.get(GENERATIONS).path("live").asText()).isEqualTo(made);
            String root = house.get(one + "/manifests")
                    .path("manifests")
                    .findValuesAsText("root")
                    .getLast();
            House.until(() -> {
                assertThat(house.ledger()).anySatisfy(entry -> {
                    assertThat(entry.type()).isEqualTo(LedgerEntry.Type.GENERATION_LIVE);
                    assertThat(entry.facts()).containsEntry("generation", made).containsEntry("manifest", root);
                });
                return true;
            });
        }
    }

    private WitnessServer witness(int port) {
        return new WitnessServer(
                new Witness(
                        TrustedLogs.parse(List.of(signer.key().text())),
                        witness,
                        FileWitnessMemory.open(folder.resolve("witness-" + port), FileWitnessMemory.Expected.EITHER)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static String hit(House house, String query) throws Exception {
        JsonNode hit = House.json(call(house, "POST", "/v1/collections/default/search", Map.of("query", query)))
                .path("hits")
                .path(0);
        return hit.path("passage").asText();
    }

    private void made(House house) throws Exception {
        audit(house, "manifest", "--make");
        House.until(() -> audited(
                        house,
                        "passage",
                        "urn:probe",
                        "--output",
                        folder.resolve("probe").toString())
                == 0);
    }

    private void verified(Path file, String key, String words) {
        assertThat(cli.run("audit", "verify", file.toString(), "--key", key))
                .as(cli.said())
                .isZero();
        assertThat(cli.said()).contains("It holds").contains(words);
    }

    private void audit(House house, String... arguments) {
        assertThat(audited(house, arguments)).as(cli.said()).isZero();
    }

    private int audited(House house, String... arguments) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--api", house.palimpsest.api().toString(), "--key", house.palimpsest.key()));
        return cli.run(all.toArray(String[]::new));
    }

    private String registered(House house) throws Exception {
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve(ModelManifest.ENCODER), "weights");
        SortedMap<String, ContentHash> files =
                new TreeMap<>(Map.of(ModelManifest.ENCODER, ContentHash.ofText("weights")));
        ModelManifest manifest = new ModelManifest(
                ModelManifest.idOf("tuned", "fp32", files),
                ModelManifest.Kind.ENCODER,
                null,
                48,
                512,
                files,
                null,
                7L,
                "test/1");
        Files.write(model.resolve(ModelManifest.FILE), Json.write(manifest));
        return house.palimpsest.models().put(model).id().value();
    }

    private static HttpResponse<String> call(House house, String method, String path, Map<String, ?> body)
            throws Exception {
        return house.send(house.request(path, house.palimpsest.key())
                .method(method, HttpRequest.BodyPublishers.ofString(Json.writeText(body)))
                .build());
    }
}
