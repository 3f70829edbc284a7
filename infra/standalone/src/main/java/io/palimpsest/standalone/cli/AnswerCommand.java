package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code palimpsest answer}. */
@Command(
        name = "answer",
        description =
                "Answer a question from the documents; every sentence cites what it stands on, or there is no answer.",
        footer = {"", "Example:", "  palimpsest answer \"Who approves travel over 2,000 euros?\""})
public final class AnswerCommand extends ClientCommand {
    private static final int SHOWN_CHARACTERS = 200;

    @Parameters(paramLabel = "QUESTION", description = "The question, in plain words.")
    String question = "";

    @Mixin
    InCollection in = new InCollection();

    @Override
    public Integer call() {
        JsonNode answer = server.client().post(in.path("/answer"), Map.of("query", question));
        if (!printed(answer)) {
            print(answer, out());
        }
        return 0;
    }

    public static void print(JsonNode answer, PrintWriter out) {
        if (answer.path("abstained").asBoolean()) {
            out.println("No answer: " + answer.path("reason").asText("nothing in the documents supports one"));
            return;
        }
        List<String> citations = new ArrayList<>();
        for (JsonNode sentence : answer.path("sentences")) {
            StringBuilder line = new StringBuilder(sentence.path("text").asText());
            for (JsonNode citation : sentence.path("citations")) {
                citations.add(Citations.place(citation) + "\n       \""
                        + Citations.oneLine(citation.path("quote").asText(), SHOWN_CHARACTERS) + "\"");
                line.append(" [").append(citations.size()).append(']');
            }
            out.println(line);
        }
        out.println();
        for (int i = 0; i < citations.size(); i++) {
            out.printf("  [%d] %s%n", i + 1, citations.get(i));
        }
    }
}
