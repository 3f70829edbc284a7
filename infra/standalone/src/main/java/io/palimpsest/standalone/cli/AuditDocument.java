package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.event.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest audit document}. */
@Command(
        name = "document",
        description = {
            "Every version of a document that was ever accepted, where it was visible and when, which searches and answers were",
            "shown it, and which training sets and models learned from it."
        },
        footer = {"", "Example:", "  palimpsest audit document https://example.org/a"})
final class AuditDocument extends ClientCommand {
    @Mixin
    private InCollection in = new InCollection();

    @Parameters(paramLabel = "URI", description = "The document's id.")
    private String uri;

    @Option(names = "--entries", description = "Print the entries of the log about it, too.")
    private boolean entries;

    @Override
    public Integer call() {
        ApiClient client = server.client();
        String id = ApiClient.encode(uri);
        ObjectNode all = Json.mapper().createObjectNode();
        JsonNode logged = client.get(in.path("/ledger/document?id=" + id));
        all.setAll((ObjectNode) logged);
        all.set("queries", client.get(in.path("/citing?document=" + id)).path("queries"));
        all.set("snapshots", client.get(in.path("/learned?document=" + id)).path("snapshots"));
        if (!printed(all)) {
            print(all);
        }
        return 0;
    }

    private void print(JsonNode all) {
        if (all.path("entries").isEmpty()) {
            out().println(
                            "The log says nothing of it: it never was here, it was erased, or the log is a second behind.");
        }
        all.path("versions").forEach(this::version);
        if (entries) {
            out().println("Entries of the log:");
            all.path("entries").forEach(each -> out().println(LogLine.of(each)));
        }
        out().println("Shown by, as far as queries are kept ("
                + all.path("queries").size() + "):");
        all.path("queries")
                .forEach(query -> out().printf(
                                "  %s  %s  revision %s in place %s%s%n",
                                query.path("askedAt").asText(),
                                query.path("queryId").asText(),
                                query.path("revision").asText(),
                                query.path("place").asText(),
                                query.path("cited").asBoolean() ? ", cited by the answer" : ""));
        out().println("Learned by (" + all.path("snapshots").size() + " training sets):");
        all.path("snapshots").forEach(this::snapshot);
    }

    private void version(JsonNode version) {
        out().printf(
                        "version %s  %s at %s%s%n",
                        version.path("version").asText(),
                        version.path("effect").asText("accepted"),
                        version.path("acceptedAt").asText("a time that is not in the log yet"),
                        version.has("entry")
                                ? ", entry " + version.path("entry").asText()
                                : "");
        if (version.path("visible").isEmpty()) {
            out().println("    visible nowhere");
        }
        version.path("visible")
                .forEach(where -> out().printf(
                                "    visible in %s as revision %s from %s %s, entry %s%n",
                                where.path("generation").asText(),
                                where.path("revision").asText(),
                                where.path("from").asText(),
                                where.has("until")
                                        ? "until " + where.path("until").asText() + " ("
                                                + where.path("ended").asText() + ")"
                                        : "until now",
                                where.path("entry").asText()));
    }

    private void snapshot(JsonNode set) {
        out().printf(
                        "  %s  made %s, revision %s, %s%s%n",
                        set.path("snapshot").asText(),
                        set.path("madeAt").asText(),
                        set.path("revision").asText(),
                        set.path("trained").asBoolean() ? "learned from" : "only tested with",
                        set.path("retired").asBoolean() ? ", its key was destroyed" : "");
        set.path("runs")
                .forEach(run -> out().printf(
                                "      run %s, model %s, %s%n",
                                run.path("run").asText(),
                                run.path("model").asText("none"),
                                run.path("outcome").asText("not ended")));
    }
}
