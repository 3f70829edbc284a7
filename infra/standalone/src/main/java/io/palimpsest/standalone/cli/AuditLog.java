package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code palimpsest audit log}. */
@Command(name = "log", description = "Name, size and root of the log, and the keys that verify its checkpoints.")
final class AuditLog extends ClientCommand {
    @Override
    public Integer call() {
        JsonNode log = server.client().get("/v1/ledger");
        if (printed(log)) {
            return 0;
        }
        out().println("log      " + log.path("origin").asText());
        out().println("entries  " + log.path("treeSize").asText());
        out().println("root     " + log.path("rootHash").asText());
        log.path("keys").forEach(key -> out().println("key      " + key.asText()));
        out().println("Note the key now, from somebody you trust: it is what proofs are verified with.");
        return 0;
    }
}
