package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.verifier.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest audit}. */
@Command(
        name = "audit",
        description = "Reads the transparency log, and proves what stands in it.",
        subcommands = {
            AuditCommand.Live.class,
            AuditCommand.Log.class,
            AuditCommand.Document.class,
            AuditCommand.Proof.class,
            AuditCommand.Export.class,
            AuditCommand.Verify.class,
            AuditCommand.Check.class
        })
final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what? live, log, document, proof, export, verify or check");
    }

    /** {@code audit live}. */
    @Command(
            name = "live",
            description = "Which generation and model were live at a moment, since when, and how they came to be.")
    static final class Live implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Mixin
        private InCollection in = new InCollection();

        @Option(names = "--at", paramLabel = "TIME", description = "Such as 2026-03-01T12:00:00Z. Default: now.")
        private @Nullable Instant at;

        @Override
        public Integer call() {
            JsonNode live = server.client().get(in.path("/ledger/live" + (at == null ? "" : "?at=" + at)));
            PrintWriter out = spec.commandLine().getOut();
            if (server.json) {
                out.println(live.toPrettyString());
                return 0;
            }
            out.println("at          " + live.path("at").asText());
            out.println("generation  " + live.path("generation").asText() + ", live since "
                    + live.path("since").asText());
            out.println("model       " + live.path("model").asText("unknown"));
            out.println("passages    " + live.path("policy").asText("unknown"));
            live.path("story").forEach(each -> out.println(line(each)));
            out.println("Settings in force:");
            live.path("configurations").forEach(each -> out.println(line(each)));
            return 0;
        }
    }

    /** An entry and its place in the log. */
    private static String line(JsonNode each) {
        JsonNode entry = each.path("entry");
        List<String> facts = entry.path("facts").properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> fact.getKey() + "=" + fact.getValue().asText())
                .toList();
        return String.format(
                "%8d  %-30s %-20s %-24s %s",
                each.path("index").asLong(),
                entry.path("at").asText(),
                entry.path("type").asText(),
                entry.path("actor").asText(),
                String.join(" ", facts));
    }

    /** {@code audit log}. */
    @Command(name = "log", description = "Name, size and root of the log, and the keys that verify its checkpoints.")
    static final class Log implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Override
        public Integer call() {
            JsonNode log = server.client().get("/v1/ledger");
            PrintWriter out = spec.commandLine().getOut();
            if (server.json) {
                out.println(log.toPrettyString());
                return 0;
            }
            out.println("log      " + log.path("origin").asText());
            out.println("entries  " + log.path("treeSize").asText());
            out.println("root     " + log.path("rootHash").asText());
            log.path("keys").forEach(key -> out.println("key      " + key.asText()));
            out.println("Note the key now, from somebody you trust: it is what proofs are verified with.");
            return 0;
        }
    }

    /** {@code audit document}. */
    @Command(name = "document", description = "Every entry of the log about a document, oldest first.")
    static final class Document implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "URI", description = "The document's id.")
        private String uri;

        @Override
        public Integer call() {
            JsonNode answer = server.client().get(in.path("/ledger/document?id=" + ApiClient.encode(uri)));
            PrintWriter out = spec.commandLine().getOut();
            if (server.json) {
                out.println(answer.toPrettyString());
                return 0;
            }
            if (answer.path("entries").isEmpty()) {
                out.println(
                        "The log says nothing of it: it never was here, it was erased, or the log is a second behind.");
            }
            answer.path("entries").forEach(each -> out.println(line(each)));
            return 0;
        }
    }

    /** {@code audit proof}. */
    @Command(
            name = "proof",
            description = "Writes an entry of the log and all that proves it to a file of C2SP tlog-proof.")
    static final class Proof implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Parameters(paramLabel = "INDEX", description = "Of the entry in the log, as audit document prints it.")
        private long index;

        @Option(names = "--out", paramLabel = "FILE", description = "Default: INDEX.tlog-proof in this folder.")
        private @Nullable Path out;

        @Override
        public Integer call() throws IOException {
            String proof = server.client().text("/v1/ledger/proofs/" + index);
            Path file = out == null ? Path.of(index + ".tlog-proof") : out;
            Files.writeString(file, proof, StandardCharsets.UTF_8);
            spec.commandLine()
                    .getOut()
                    .println("Wrote " + file + ". Verify it anywhere: palimpsest audit verify " + file + " --key KEY");
            return 0;
        }
    }

    /** {@code audit export}. */
    @Command(
            name = "export",
            description = "Writes an evidence pack: all entries of a time, what proves them, and a report to read.")
    static final class Export implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Mixin
        private InCollection in = new InCollection();

        @Option(
                names = "--from",
                paramLabel = "TIME",
                required = true,
                description = "Inclusive, such as 2026-03-01T00:00:00Z.")
        private Instant from;

        @Option(names = "--to", paramLabel = "TIME", required = true, description = "Exclusive.")
        private Instant to;

        @Option(
                names = "--document",
                paramLabel = "URI",
                description =
                        "A document that entries are shown to be about; repeatable. Who reads the pack learns its id.")
        private List<String> documents = List.of();

        @Option(names = "--out", paramLabel = "FILE", description = "Default: ${DEFAULT-VALUE}.")
        private Path out = Path.of("evidence.zip");

        @Override
        public Integer call() throws IOException {
            StringBuilder path = new StringBuilder("/ledger/pack?from=" + from + "&to=" + to);
            documents.forEach(document -> path.append("&document=").append(ApiClient.encode(document)));
            Files.write(out, server.client().bytes(in.path(path.toString())));
            spec.commandLine()
                    .getOut()
                    .println("Wrote " + out + ". Read its report.html; verify it: palimpsest audit verify " + out
                            + " --key KEY");
            return 0;
        }
    }

    /** {@code audit verify}. */
    @Command(
            name = "verify",
            description =
                    "Verifies a proof or an evidence pack with nothing but the file and the log's key; no server is asked.")
    static final class Verify implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "FILE",
                description = "A .tlog-proof, an evidence pack, or the certificate of an erasure.")
        private Path file;

        @Option(
                names = "--document",
                paramLabel = "DOCUMENT",
                description = "That the certificate is about it, as tenant/collection/id. With --nonce.")
        private @Nullable String document;

        @Option(names = "--nonce", paramLabel = "NONCE", description = "As 'erase request' printed it.")
        private @Nullable String nonce;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                required = true,
                description =
                        "The log's verifier key, name+id+Base64, or a file with it. Have it from somebody you trust,"
                                + " not from who gave you the file.")
        private List<String> keys;

        @Override
        public Integer call() throws IOException {
            if ((document == null) != (nonce == null)) {
                throw new ParameterException(spec.commandLine(), "--document and --nonce belong together");
            }
            Verification verification = document == null || nonce == null
                    ? Verification.of(file, keys)
                    : Verification.ofErasure(file, document, nonce, keys);
            PrintWriter to = verification.holds()
                    ? spec.commandLine().getOut()
                    : spec.commandLine().getErr();
            verification.lines().forEach(to::println);
            return verification.holds() ? 0 : 1;
        }
    }

    /** {@code audit check}. */
    @Command(
            name = "check",
            description =
                    "Reads a whole log, and compares it with its newest checkpoint and with those that you kept. Needs no API"
                            + " key, and trusts nothing but the log's key.")
    static final class Check implements Callable<Integer> {
        private static final long EVERY = 1_000_000;

        @Spec
        private CommandSpec spec;

        @Parameters(
                paramLabel = "PLACE",
                description = "A copy of the log's folder, or its address such as http://127.0.0.1:8080/log/.")
        private String place;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                required = true,
                description = "The log's verifier key, or a file with it.")
        private List<String> keys;

        @Option(
                names = "--earlier",
                paramLabel = "FILE",
                description =
                        "A checkpoint that you kept (PLACE/checkpoint of then); the log must continue it. Repeatable.")
        private List<Path> earlier = List.of();

        @Override
        public Integer call() throws IOException {
            PrintWriter err = spec.commandLine().getErr();
            Verification verification = Verification.ofLog(place, keys, earlier, entries -> {
                if (entries % EVERY == 0) {
                    err.println(entries + " entries read");
                }
            });
            verification
                    .lines()
                    .forEach((verification.holds() ? spec.commandLine().getOut() : err)::println);
            return verification.holds() ? 0 : 1;
        }
    }
}
