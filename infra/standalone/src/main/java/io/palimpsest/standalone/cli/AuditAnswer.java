package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.receipt.Opened;
import io.palimpsest.verifier.receipt.ReceiptFile;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest audit answer}. Exit codes: 0 what it says holds, 1 it does not, or the repetition is not what was shown. */
@Command(
        name = "answer",
        description =
                "The receipt of a search or an answer: what was shown to whom, of what, and its place in the log.",
        footer = {
            "",
            "Examples:",
            "  palimpsest audit answer 0195f3a1-7c40-7d2e-9b1f-5a6f0c3d2e11",
            "  palimpsest audit answer 0195f3a1-7c40-7d2e-9b1f-5a6f0c3d2e11 --rerun",
            "  palimpsest audit answer 0195f3a1-7c40-7d2e-9b1f-5a6f0c3d2e11 --query \"how long do refunds take\" --output answer.receipt"
        })
final class AuditAnswer extends ClientCommand {
    @Mixin
    private InCollection in = new InCollection();

    @Parameters(paramLabel = "QUERY_ID", description = "As the response of the search or the answer has it.")
    private String query;

    @Option(
            names = "--rerun",
            description =
                    "Repeat the retrieval on the state of then, and say whether it is identical. The log is told that you did.")
    private boolean rerun;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the receipt with all that proves it.")
    private @Nullable Path output;

    @Option(
            names = "--query",
            paramLabel = "TEXT",
            description = "The words: checked against the receipt, and shown by the file to be what was asked.")
    private @Nullable String words;

    @Option(
            names = "--caller",
            paramLabel = "NAME",
            description = "Name of the key that asked: checked against the receipt, and shown by the file.")
    private @Nullable String caller;

    @Override
    public Integer call() throws IOException {
        ApiClient client = server.client();
        Optional<JsonNode> entry = client.find(in.path("/ledger/query?id=" + ApiClient.encode(query)));
        String path = "/queries/" + ApiClient.encode(query);
        if (entry.isPresent() && client.find(in.path(path + "/receipt")).isEmpty()) {
            out().println("The receipt is not kept any more; what stands for it in the log:");
            out().println(LogLine.of(entry.get()));
            return 1;
        }
        JsonNode receipt = client.get(in.path(path + "/receipt"));
        boolean holds = entry.map(found -> standsFor(found, receipt)).orElse(true);
        List<Opened> opened = opened(receipt);
        boolean right = opened.stream().allMatch(each -> isOf(receipt, each));
        JsonNode repeated = rerun ? client.post(in.path(path + "/rerun"), null) : null;
        print(receipt, entry, holds, opened, repeated);
        if (output != null && holds && right) {
            write(client, receipt, entry, opened, output);
        }
        return holds && right && isSame(repeated) ? 0 : 1;
    }

    private static boolean isSame(@Nullable JsonNode repeated) {
        return repeated == null
                || List.of("IDENTICAL", "SCORES_MOVED")
                        .contains(repeated.path("verdict").asText());
    }

    private void print(
            JsonNode receipt,
            Optional<JsonNode> entry,
            boolean holds,
            List<Opened> opened,
            @Nullable JsonNode repeated) {
        if (server.json) {
            ObjectNode all = Json.mapper().createObjectNode();
            all.set("receipt", receipt);
            entry.ifPresent(found -> all.set("logged", found));
            all.put("holds", holds);
            opened.forEach(each -> all.put(each.what() + "IsOfReceipt", isOf(receipt, each)));
            if (repeated != null) {
                all.set("rerun", repeated);
            }
            out().println(all.toPrettyString());
            return;
        }
        ReceiptPage page = new ReceiptPage(out());
        page.print(receipt);
        out().println("ledger      " + place(entry, holds));
        opened.forEach(each -> out().printf(
                        "%-11s %s%n", each.what(), isOf(receipt, each) ? "is what you say" : "is NOT what you say"));
        if (repeated != null) {
            page.printRerun(repeated);
        }
    }

    private static String place(Optional<JsonNode> entry, boolean holds) {
        if (entry.isEmpty()) {
            return "not in the log yet: it follows within a second; ask again";
        }
        return "entry " + entry.get().path("index").asText() + " of the log "
                + (holds ? "stands for this receipt" : "stands for ANOTHER receipt: what is kept was changed");
    }

    private static boolean standsFor(JsonNode entry, JsonNode receipt) {
        byte[] salt = HexFormat.of().parseHex(receipt.path("salt").asText());
        return Commitment.receipt(salt, receipt.path("canonical").asText())
                .hex()
                .equals(entry.path("entry").path("facts").path("receipt").asText());
    }

    private List<Opened> opened(JsonNode receipt) {
        List<Opened> opened = new ArrayList<>();
        if (words != null) {
            opened.add(new Opened(Opened.What.QUERY, receipt.path("querySalt").asText(), words));
        }
        if (caller != null) {
            opened.add(new Opened(Opened.What.CALLER, receipt.path("callerSalt").asText(), "user:" + caller));
        }
        return opened;
    }

    private static boolean isOf(JsonNode view, Opened opened) {
        JsonNode receipt = view.path("receipt");
        JsonNode commitment = switch (opened.what()) {
            case QUERY -> receipt.path("query");
            case CALLER -> receipt.path("access").path("caller");
        };
        return commitment.asText().equals(opened.commitment().hex());
    }

    private void write(ApiClient client, JsonNode receipt, Optional<JsonNode> entry, List<Opened> opened, Path file)
            throws IOException {
        String index = entry.map(found -> found.path("index").asText())
                .orElseThrow(() -> new ApiClient.CallFailed(
                        "The receipt is not in the log yet: it follows within a second; ask again"));
        try {
            LogProof proof = LogProof.parse(client.bytes("/v1/ledger/proofs/" + index));
            Files.write(
                    file,
                    new ReceiptFile(
                                    receipt.path("canonical").asText(),
                                    receipt.path("salt").asText(),
                                    opened,
                                    proof)
                            .bytes());
        } catch (InvalidNoteException e) {
            throw new ApiClient.CallFailed("The server's proof is none: " + e.getMessage());
        }
        if (!server.json) {
            out().println(wrote(file));
        }
    }
}
