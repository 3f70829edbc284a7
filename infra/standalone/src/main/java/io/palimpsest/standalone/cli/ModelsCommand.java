package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code palimpsest models}. */
@Command(name = "models", description = "Models, and the generations of a collection with the model of each.")
final class ModelsCommand extends ClientCommand {
    @Mixin
    InCollection in = new InCollection();

    @Override
    public Integer call() {
        JsonNode models = server.client().get("/v1/models");
        JsonNode generations = server.client().get(in.path("/generations"));
        JsonNode taints = tainted();
        if (printed(models) && printed(generations)) {
            return 0;
        }
        PrintWriter out = out();
        for (JsonNode model : models.path("models")) {
            out.printf(
                    "%-12s %-14s %s%n",
                    model.path("state").asText(),
                    model.path("kind").asText(),
                    model.path("id").asText());
        }
        for (JsonNode tainted : taints.path("models")) {
            out.printf(
                    "%-12s %-14s %s: learned from what erasure %s erased; train anew: palimpsest runs start%n",
                    "TAINTED",
                    "",
                    tainted.path("model").asText(),
                    tainted.path("erasure").asText());
        }
        out.printf("%nGenerations of %s:%n", in.collection);
        for (JsonNode generation : generations.path("generations")) {
            out.printf(
                    "%-12s %s  %s%n",
                    generation.path("state").asText(),
                    generation.path("id").asText(),
                    generation.path("model").asText());
        }
        return 0;
    }

    /** Another process may know of them. */
    private JsonNode tainted() {
        try {
            return server.client().get(in.path("/tainted"));
        } catch (ApiClient.CallFailed e) {
            return MissingNode.getInstance();
        }
    }
}
