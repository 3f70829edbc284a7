package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The secrets that are made for a deployment open a server, and the command line reaches it with them. */
final class DeploymentSecretsTest {
    @TempDir
    Path dir = Path.of("");

    private Path secrets = Path.of("");
    private final StringWriter said = new StringWriter();
    private final Health parts = new Health();

    @BeforeEach
    void make() {
        secrets = dir.resolve("secrets");
        assertThat(run("secrets", secrets.toString(), "--host", "palimpsest.example.org"))
                .isZero();
    }

    @Test
    void whatIsThereStays() throws IOException {
        Map<String, String> before = contents();
        assertThat(before).hasSize(11).containsKeys("master.key", "keys.json", "tls.p12", "ca.pem");
        assertThat(said.toString()).contains("master.key", "tls.p12").doesNotContain(before.get("admin.key"));

        Files.delete(secrets.resolve("weaviate.key"));
        assertThat(run("secrets", secrets.toString())).isZero();
        assertThat(said.toString()).contains("Made in", ": weaviate.key");
        Files.delete(secrets.resolve("palimpsest.properties"));
        assertThat(run("secrets", secrets.toString())).isZero();
        assertThat(contents()).as("of two that hold the same, one is enough").isEqualTo(before);

        assertThat(run("secrets", secrets.toString())).isZero();
        assertThat(said.toString()).contains("were there already");
    }

    /** As compose and the chart call those that are called by others. */
    @ParameterizedTest
    @ValueSource(
            strings = {"index", "ledger", "palimpsest-index", "palimpsest-ledger", "palimpsest.example.org", "localhost"
            })
    void certificateHasTheNamesThatServicesAreCalledBy(String name) throws Exception {
        try (InputStream in = Files.newInputStream(secrets.resolve("ca.pem"))) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            List<String> names = certificate.getSubjectAlternativeNames().stream()
                    .map(each -> String.valueOf(each.get(1)))
                    .toList();
            assertThat(names).contains(name);
        }
    }

    @Test
    void folderIsItsOwnersAlone() throws IOException {
        assertThat(Files.getPosixFilePermissions(secrets)).hasSize(3);
    }

    @Test
    void commandLineReachesAServerThatHasThem() throws IOException {
        try (Telemetry telemetry = Telemetry.local();
                ApiServer server = server(telemetry)) {
            server.start();
            String[] status = {
                "status", "--api", server.address(), "--key", Files.readString(secrets.resolve("admin.key"))
            };

            assertThat(run(status)).isEqualTo(1);
            assertThat(said.toString()).contains("No TLS with", "--ca FILE");

            assertThat(run(with(status, "--ca", secrets.resolve("ca.pem").toString())))
                    .isZero();
            assertThat(said.toString()).contains("received");

            assertThat(run(with(status, "--ca", secrets.resolve("keys.json").toString())))
                    .isEqualTo(1);
            assertThat(said.toString()).contains("cannot be read as certificates");
        }
    }

    @Test
    void healthNeedsNeitherKeyNorCertificate() throws IOException {
        assertThat(run("health", "--data", dir.toString())).isEqualTo(1);
        assertThat(said.toString()).contains("No server is up");
        try (Telemetry telemetry = Telemetry.local();
                ApiServer server = server(telemetry)) {
            server.start();

            assertThat(run("health", "--api", server.address())).isZero();
            assertThat(said.toString()).containsPattern("ready\\s+true");

            parts.register("broken", () -> Health.State.down("on purpose"));
            assertThat(run("health", "--api", server.address())).isEqualTo(1);
            assertThat(said.toString()).contains("on purpose");
        }
    }

    private ApiServer server(Telemetry telemetry) {
        Settings settings = new SettingSources()
                .file(secrets.resolve("palimpsest.properties"))
                .set("http.port", "0")
                .set("http.key.file", secrets.resolve("keys.json").toString())
                .set("http.tls.keystore", secrets.resolve("tls.p12").toString())
                .load();
        Routes status = routes -> routes.get("/v1/status", context -> context.json(Map.of("received", 1)));
        return new ApiServer(
                settings.http(),
                ApiKeys.fromFile(secrets.resolve("keys.json")),
                telemetry,
                parts,
                List.of(status),
                refused -> {});
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(secrets)) {
            for (Path file : files.toList()) {
                contents.put(
                        file.getFileName().toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private static String[] with(String[] some, String... more) {
        return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private int run(String... arguments) {
        said.getBuffer().setLength(0);
        CommandLine line = Main.commandLine(Map.of());
        PrintWriter out = new PrintWriter(said, true);
        line.setOut(out).setErr(out);
        line.getSubcommands().values().forEach(each -> each.setOut(out).setErr(out));
        return line.execute(arguments);
    }
}
