package io.palimpsest.ledger.witness;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.witness.FileWitnessMemory.Expected;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A witness as a process: prints its verifier key and its address, a line each, and runs until it is stopped. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description =
                "Cosigns the checkpoints of logs, as long as each log only grows (C2SP tlog-witness). To be run by"
                        + " somebody else than the log's operator.")
public final class WitnessMain implements Callable<Integer> {
    @Option(
            names = "--origin-key",
            required = true,
            arity = "1..*",
            paramLabel = "VKEY",
            description = "Verifier key of a log whose origin is the key's name; \"ORIGIN VKEY\" where it is not.")
    private List<String> originKeys = List.of();

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "The key of the witness; made where there is none.")
    private Path key = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "palimpsest-witness",
            description = "Of a key that is made. Default: ${DEFAULT-VALUE}.")
    private String name = "";

    @Option(
            names = "--state",
            required = true,
            paramLabel = "DIR",
            description = "What was cosigned last. It belongs to the key: never restore it from a backup.")
    private Path state = Path.of("");

    @Option(
            names = "--new-state",
            description = "The key that is there has never cosigned anything: begin with nothing.")
    private boolean isNewState;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Beyond this machine put a proxy with TLS before it. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7474",
            description = "0: any. Default: ${DEFAULT-VALUE}.")
    private int port;

    public static void main(String[] arguments) {
        int code = new CommandLine(new WitnessMain())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof PalimpsestException || e instanceof IllegalArgumentException) {
                        command.getErr().println(e.getMessage());
                        return 1;
                    }
                    throw e;
                })
                .execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        // Read once, by the first server of the process: who sends or reads slowly holds no thread for ever. Arbitrary.
        System.setProperty("sun.net.httpserver.maxReqTime", "15");
        System.setProperty("sun.net.httpserver.maxRspTime", "15");
        System.setProperty("jdk.httpserver.maxConnections", "500");
        TrustedLogs logs = TrustedLogs.parse(originKeys);
        // The state before the key: a process that dies between them has left a state that no key has used.
        FileWitnessMemory memory = FileWitnessMemory.open(state, expected());
        NoteSigner signer = signer();
        WitnessServer server = new WitnessServer(new Witness(logs, signer, memory), new InetSocketAddress(host, port));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            memory.close();
        }));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("witness " + signer.key().text());
        out.println("listening on " + server.prefix());
        new CountDownLatch(1).await();
        return 0;
    }

    private Expected expected() {
        if (isNewState) {
            return Expected.ABSENT;
        }
        return Files.exists(key) ? Expected.PRESENT : Expected.EITHER;
    }

    private NoteSigner signer() {
        byte[] text = SecretFile.ensure(
                key,
                () -> NoteSigner.generate(name, KeyType.COSIGNATURE_V1, Clock.systemUTC())
                        .text()
                        .getBytes(StandardCharsets.UTF_8));
        return NoteSigner.parse(new String(text, StandardCharsets.UTF_8), Clock.systemUTC());
    }
}
