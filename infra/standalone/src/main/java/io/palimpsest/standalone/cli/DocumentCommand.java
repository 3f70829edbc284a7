package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest document}. */
@Command(
        name = "document",
        description = "The timeline of a document: every change, every stage with its duration, every error.")
final class DocumentCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    @Parameters(paramLabel = "URI", description = "Document id, as search results and status name it.")
    String document = "";

    @Option(names = "--collection", defaultValue = "default", description = "Collection (default: ${DEFAULT-VALUE}).")
    String collection = "default";

    @Override
    public Integer call() {
        JsonNode timeline = server.client()
                .get("/v1/documents/timeline?id=" + ApiClient.encode(document) + "&collection="
                        + ApiClient.encode(collection));
        PrintWriter out = spec.commandLine().getOut();
        if (server.json) {
            out.println(timeline.toPrettyString());
        } else {
            Tree.print(timeline, out, "");
        }
        return 0;
    }
}
