package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest document}. */
@Command(
        name = "document",
        description = "The timeline of a document: every change, every stage with its duration, every error.")
final class DocumentCommand extends ClientCommand {
    @Parameters(paramLabel = "URI", description = "Document id, as search results and status name it.")
    String document = "";

    @Option(names = "--collection", defaultValue = "default", description = "Collection (default: ${DEFAULT-VALUE}).")
    String collection = "default";

    @Override
    public Integer call() {
        JsonNode timeline = server.client()
                .get("/v1/documents/timeline?id=" + ApiClient.encode(document) + "&collection="
                        + ApiClient.encode(collection));
        if (!printed(timeline)) {
            Tree.print(timeline, out(), "");
        }
        return 0;
    }
}
