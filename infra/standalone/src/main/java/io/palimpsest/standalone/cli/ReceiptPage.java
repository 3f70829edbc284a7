package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A receipt, for people. */
final class ReceiptPage {
    private static final int SHOWN_DIGITS = 16;

    private final PrintWriter out;

    ReceiptPage(PrintWriter out) {
        this.out = out;
    }

    void print(JsonNode view) {
        JsonNode receipt = view.path("receipt");
        JsonNode models = receipt.path("models");
        out.println("query       " + receipt.path("queryId").asText() + ", asked at "
                + receipt.path("askedAt").asText() + of(receipt.path("asOf"), ", as of "));
        out.println("words       commitment " + receipt.path("query").asText());
        out.println("asked by    commitment "
                + receipt.path("access").path("caller").asText());
        out.println("could see   " + access(receipt.path("access")));
        out.println("generation  " + receipt.path("generation").asText());
        out.println("models      query " + models.path("query").asText() + ", passages "
                + models.path("passages").asText() + of(models.path("reranker"), ", reranker ")
                + of(models.path("generator"), ", generator "));
        if (receipt.has("answer")) {
            out.println(
                    "answer      " + (receipt.path("answer").path("abstained").asBoolean() ? "none" : "given"));
        }
        receipt.path("passages").forEach(this::passage);
    }

    private void passage(JsonNode shown) {
        JsonNode scores = shown.path("scores");
        out.printf(
                "%4d  %s%s%n      revision %s with version %s, passage %s, text %s, score %s%s%s%n",
                shown.path("rank").asInt(),
                shown.path("document").asText(),
                shown.path("cited").asBoolean() ? "  (cited)" : "",
                shown.path("revision").asText(),
                shown.path("version").asText(),
                start(shown.path("passage").asText()),
                start(shown.path("extracted").asText("unknown")),
                scores.path(scores.has("rerank") ? "rerank" : "fused").asText(),
                of(scores.path("similarity"), ", similarity "),
                of(scores.path("bm25"), ", words "));
    }

    private static String access(JsonNode access) {
        List<String> scope = new ArrayList<>();
        if (access.path("everyone").asBoolean()) {
            scope.add("what is open to everyone");
        }
        access.path("groups").forEach(group -> scope.add(group.asText()));
        scope.add("what is open to the one who asked");
        StringJoiner joined = new StringJoiner(", ");
        scope.forEach(joined::add);
        return joined.toString();
    }

    private static String of(JsonNode value, String label) {
        return value.isMissingNode() || value.isNull() ? "" : label + value.asText();
    }

    private static String start(String hash) {
        return hash.length() > SHOWN_DIGITS ? hash.substring(0, SHOWN_DIGITS) + "…" : hash;
    }

    /** What came of a repetition. */
    void printRerun(JsonNode rerun) {
        String verdict = rerun.path("verdict").asText();
        out.println("rerun       "
                + switch (verdict) {
                    case "IDENTICAL" -> "identical: ";
                    case "SCORES_MOVED" -> "identical but for scores: ";
                    case "DIFFERENT" -> "different: ";
                    default -> "not possible any more (" + rerun.path("reason").asText() + "): ";
                }
                + rerun.path("explanation").asText());
        rerun.path("differences")
                .forEach(each -> out.printf(
                        "      %s, passage %s: was %s, is %s: %s%n",
                        each.path("document").asText(),
                        start(each.path("passage").asText()),
                        each.path("was").asText("not shown"),
                        each.path("now").asText("not found"),
                        cause(each.path("cause").asText())));
    }

    private static String cause(String cause) {
        return switch (cause) {
            case "ERASED" -> "the document was erased";
            case "ACCESS_CHANGED" -> "who asked may not see it today";
            case "INDEX_WAS_BEHIND" -> "it had been accepted, and was not in the index yet";
            case "REVISED" -> "it is of another revision";
            case "SCORES" -> "how rare a word is depends on all that the index has today";
            default -> "cause unknown";
        };
    }
}
