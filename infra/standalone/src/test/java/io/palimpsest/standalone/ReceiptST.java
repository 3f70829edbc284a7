package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was shown to somebody: proven offline, repeated as of then, over restarts, edits and the end of history. */
final class ReceiptST {
    private static final String EELS = "urn:eels";
    private static final String QUESTION = "where do eels swim to";

    @TempDir
    private Path folder;

    private final Cli cli = new Cli();

    @Test
    void aReceiptIsProvenOfflineAndItsQueryIsRepeatedForAsLongAsItsStateIsKept() throws Exception {
        Path data = folder.resolve("data");
        String search;
        String answer;
        String key;
        try (House house = House.start(data, Map.of())) {
            house.index("created", EELS, House.markdown("# Eels\n\nEels swim to the Sargasso Sea to spawn."));
            house.index("created", "urn:tea", House.markdown("# Tea\n\nTea is grown on hills."));
            key = house.get("/v1/ledger").path("keys").path(0).asText();
            search = asked(house, "search", "\"mode\":\"vector\",");
            answer = asked(house, "answer", "");
            String probe = asked(house, "search", "\"probe\":true,");
            logged(house, search);
            logged(house, answer);
            assertThat(audit(house, "answer", probe)).as(cli.said()).isNotZero();
            assertThat(cli.said()).contains("PAL-905");
            theReceiptOfAnAnswerVerifiesWithoutAServer(house, answer, key);
            identical(house, search);
            identical(house, answer);

            house.index("updated", EELS, House.markdown("# Eels\n\nEels stay at home these days."));
            House.until(() -> house.found("keyword", "stay").contains(EELS));
            identical(house, search);
            whatIsKnownOfTheDocument(house, answer);
        }
        try (House house = House.start(data, Map.of())) {
            identical(house, search);
            assertThat(audit(house, "answer", answer)).as(cli.said()).isZero();
            assertThat(cli.said()).contains("stands for this receipt");
            theLedgerKnowsWhoHadItRepeated(house);
        }
        try (House house = House.start(data, Map.of("index.history.retention", "PT1S", "ledger.receipts", "false"))) {
            assertThat(audit(house, "answer", search, "--rerun")).as(cli.said()).isEqualTo(1);
            assertThat(cli.said()).contains("not possible any more (HISTORY_EXPIRED)");
            String without = asked(house, "search", "");
            House.until(() -> house.get("/v1/collections/default/citing?document=" + House.encode(EELS))
                    .toString()
                    .contains(without));
            assertThat(audit(house, "answer", without)).as(cli.said()).isNotZero();
            assertThat(cli.said()).contains("PAL-905");
        }
    }

    private void theReceiptOfAnAnswerVerifiesWithoutAServer(House house, String answer, String key) throws Exception {
        Path file = folder.resolve("answer.receipt");
        assertThat(audit(house, "answer", answer, "--query", "something else", "--output", file.toString()))
                .as(cli.said())
                .isEqualTo(1);
        assertThat(cli.said()).contains("is NOT what you say");
        assertThat(file).doesNotExist();
        assertThat(audit(house, "answer", answer, "--query", QUESTION, "--output", file.toString()))
                .as(cli.said())
                .isZero();
        assertThat(cli.said())
                .contains("stands for this receipt")
                .contains("(cited)")
                .contains(EELS)
                .doesNotContain(QUESTION);
        assertThat(cli.run("audit", "verify", file.toString(), "--key", key))
                .as(cli.said())
                .isZero();
        assertThat(cli.said()).contains("this is the receipt", "Its query is shown to be: " + QUESTION, EELS);
        byte[] receipt = Files.readAllBytes(file);
        for (int place : new int[] {30, receipt.length / 3, receipt.length / 2, receipt.length - 20}) {
            byte[] changed = receipt.clone();
            changed[place] ^= 1;
            Files.write(file, changed);
            assertThat(cli.run("audit", "verify", file.toString(), "--key", key))
                    .as("byte " + place)
                    .isEqualTo(1);
        }
    }

    private void whatIsKnownOfTheDocument(House house, String answer) throws Exception {
        JsonNode citing = house.get("/v1/collections/default/citing?document=" + House.encode(EELS));
        assertThat(citing.path("queries").findValuesAsText("queryId")).contains(answer);
        citing.path("queries")
                .forEach(query -> assertThat(query.path("cited").asBoolean())
                        .isEqualTo(query.path("queryId").asText().equals(answer)));
        House.until(() -> audit(house, "document", EELS) == 0
                && cli.said().contains("(REVISION_VISIBLE)")); // entries take a second
        assertThat(cli.said())
                .containsSubsequence("version 1", "visible in", "until 2", "(REVISION_VISIBLE)")
                .containsSubsequence("version 2", "visible in", "until now")
                .containsPattern(answer + " .*, cited by the answer")
                .contains("Learned by (0 training sets)");
        assertThat(audit(house, "live")).as(cli.said()).isZero();
        assertThat(cli.said())
                .contains("Thresholds of service:", "gate.promotion.tolerance = 0.01", "ledger.receipts = true");
    }

    private void theLedgerKnowsWhoHadItRepeated(House house) {
        List<String> actors = new ArrayList<>();
        house.ledger().stream()
                .filter(entry -> entry.type().name().equals("QUERY_RERUN"))
                .forEach(entry -> actors.add(entry.actor() + " " + entry.facts().get("verdict")));
        assertThat(actors).isNotEmpty().allSatisfy(actor -> assertThat(actor).startsWith("key:"));
    }

    private void identical(House house, String query) throws Exception {
        assertThat(audit(house, "answer", query, "--rerun")).as(cli.said()).isZero();
        assertThat(cli.said()).contains("rerun       identical");
    }

    private void logged(House house, String query) throws Exception {
        House.until(() -> house.get("/v1/collections/default/ledger/query?id=" + query, house.palimpsest.key())
                        .statusCode()
                == 200);
    }

    private static String asked(House house, String how, String more) throws Exception {
        HttpResponse<String> response = house.send(house.request(
                        "/v1/collections/default/" + how, house.palimpsest.key())
                .POST(HttpRequest.BodyPublishers.ofString("{" + more + "\"query\":" + Json.writeText(QUESTION) + "}"))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return House.json(response).path("queryId").asText();
    }

    private int audit(House house, String... arguments) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--api", house.palimpsest.api().toString(), "--key", house.palimpsest.key()));
        return cli.run(all.toArray(String[]::new));
    }
}
