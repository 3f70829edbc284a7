package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.TileHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor sees of a running platform, and can verify without it. */
final class LedgerST {
    private static final String DOCUMENT = "urn:audited";
    private static final String AUDIT = "/v1/collections/default/ledger/document?id=";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whatHappenedToADocumentIsProvenOfflineAndTheLogOnlyGrows() throws Exception {
        Path data = folder.resolve("data");
        Path kept = folder.resolve("kept");
        Instant started = Instant.now();
        Checkpoint early;
        NoteKey key;
        try (House house = House.start(data, Map.of())) {
            house.index("created", DOCUMENT, House.markdown("# Eels\n\nEels swim to the Sargasso Sea."));
            House.until(() -> types(house).containsAll(List.of("CHANGE_ACCEPTED", "REVISION_VISIBLE")));
            key = NoteKey.parse(house.get("/v1/ledger").path("keys").path(0).asText());
            early = checkpoint(house, key);
            provenByHandedOutFile(house, key);
            Files.write(kept, bytes(house, "/log/checkpoint").body());
        }
        try (House house = House.start(data, Map.of())) {
            String delete = house.event("deleted", DOCUMENT, "{}").replace("\"e1\"", "\"of-the-second-start\"");
            assertThat(house.ended(house.accepted(delete)).path("state").asText())
                    .isEqualTo("DELETED");
            House.until(() -> types(house).contains("DOCUMENT_DELETED"));
            Checkpoint late = checkpoint(house, key);
            assertThat(late.treeSize()).isGreaterThan(early.treeSize());
            TileHashes tiles =
                    new TileHashes(tile -> bytes(house, "/log/" + tile.path()).body(), late.treeSize());
            new io.palimpsest.verifier.merkle.MerkleTree(tiles)
                    .consistency(early.treeSize(), late.treeSize())
                    .verify(early.rootHash(), late.rootHash());
            assertThat(types(house)).containsSubsequence("CHANGE_ACCEPTED", "REVISION_VISIBLE", "DOCUMENT_DELETED");
            String log = house.palimpsest.api() + "/log/";
            assertThat(cli.run("audit", "check", log, "--key", key.text(), "--earlier", kept.toString()))
                    .as(cli.said())
                    .isZero();
            assertThat(cli.said()).contains("continue each of 1 earlier");
            packedForAnAuditor(house, key);
            liveThen(house, started);
            nothingIsSaidOfWhatNeverWas(house);
        }
    }

    private void provenByHandedOutFile(House house, NoteKey key) throws Exception {
        JsonNode entry =
                house.get(AUDIT + House.encode(DOCUMENT)).path("entries").path(0);
        Path proof = folder.resolve("first.tlog-proof");
        String server = house.palimpsest.api().toString();
        assertThat(cli.run(
                        "audit",
                        "proof",
                        entry.path("index").asText(),
                        "--out",
                        proof.toString(),
                        "--api",
                        server,
                        "--key",
                        house.palimpsest.key()))
                .isZero();
        assertThat(cli.run("audit", "verify", proof.toString(), "--key", key.text()))
                .isZero();
        assertThat(cli.said())
                .contains("It holds")
                .contains(entry.path("entry").path("id").asText());
        String text = Files.readString(proof);
        assertThat(text).doesNotContain(DOCUMENT, "Eels");
        Files.writeString(proof, text.replace("index " + entry.path("index").asText(), "index 99999"));
        assertThat(cli.run("audit", "verify", proof.toString(), "--key", key.text()))
                .isEqualTo(1);
        assertThat(cli.said()).contains("It does not hold");
    }

    private void liveThen(House house, Instant started) throws Exception {
        String path = "/v1/collections/default/ledger/live";
        JsonNode now = house.get(path);
        String generation =
                house.get("/v1/collections/default/generations").path("live").asText();
        assertThat(now.path("generation").asText()).isEqualTo(generation);
        assertThat(now.path("story").findValuesAsText("type")).contains("GENERATION_LIVE");
        assertThat(now.path("configurations")).isNotEmpty();
        HttpResponse<String> before = house.get(path + "?at=" + started.minusSeconds(1), house.palimpsest.key());
        assertThat(before.statusCode()).isEqualTo(404);
        assertThat(cli.run(
                        "audit", "live", "--api", house.palimpsest.api().toString(), "--key", house.palimpsest.key()))
                .as(cli.said())
                .isZero();
        assertThat(cli.said()).contains("generation  " + generation);
    }

    private void packedForAnAuditor(House house, NoteKey key) throws Exception {
        Path pack = folder.resolve("pack.zip");
        assertThat(cli.run(
                        "audit",
                        "export",
                        "--from",
                        "2020-01-01T00:00:00Z",
                        "--to",
                        "2100-01-01T00:00:00Z",
                        "--document",
                        DOCUMENT,
                        "--out",
                        pack.toString(),
                        "--api",
                        house.palimpsest.api().toString(),
                        "--key",
                        house.palimpsest.key()))
                .as(cli.said())
                .isZero();
        assertThat(cli.run("audit", "verify", pack.toString(), "--key", key.text()))
                .as(cli.said())
                .isZero();
        assertThat(cli.said()).contains("entries 0 to ").contains("speak of local/default/" + DOCUMENT);
        byte[] changed = Files.readAllBytes(pack);
        changed[changed.length / 2] ^= 1;
        Files.write(pack, changed);
        assertThat(cli.run("audit", "verify", pack.toString(), "--key", key.text()))
                .isNotZero();
    }

    private void nothingIsSaidOfWhatNeverWas(House house) throws Exception {
        assertThat(house.get(AUDIT + "urn:never").path("entries")).isEmpty();
        assertThat(bytes(house, "/log/tile/0/999").statusCode()).isEqualTo(404);
        assertThat(bytes(house, "/log/tile/0/../../key").statusCode()).isEqualTo(404);
        assertThat(bytes(house, "/v1/ledger").statusCode()).as("without a key").isEqualTo(401);
    }

    private Checkpoint checkpoint(House house, NoteKey key) throws Exception {
        HttpResponse<byte[]> answer = bytes(house, "/log/checkpoint");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain;charset=utf-8");
        SignedNote note = SignedNote.parse(answer.body());
        assertThat(note.verified(Set.of(key))).containsExactly(key);
        return Checkpoint.parse(note.text());
    }

    private static List<String> types(House house) throws Exception {
        List<String> types = new ArrayList<>();
        house.get(AUDIT + House.encode(DOCUMENT))
                .path("entries")
                .forEach(each -> types.add(each.path("entry").path("type").asText()));
        return types;
    }

    /** Without a key, as any client of such logs asks. */
    private HttpResponse<byte[]> bytes(House house, String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(house.palimpsest.api() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final Cli cli = new Cli();
}
