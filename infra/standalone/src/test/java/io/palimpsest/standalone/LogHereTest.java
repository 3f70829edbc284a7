package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.verifier.audit.LogPlace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process without the ledger reads the log of one that serves it with the certificate of a deployment. */
final class LogHereTest {
    @TempDir
    Path secrets = Path.of("");

    private final Telemetry telemetry = Telemetry.local();

    @BeforeEach
    void make() throws Exception {
        assertThat(new DeploymentSecrets(secrets).make(List.of())).contains("tls.p12", "ca.pem");
    }

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void logIsReadWithoutAKeyFromWhomTheFileOfCertificatesVouchesFor() throws IOException {
        try (ApiServer server = ledger().start()) {
            LogPlace log = new LogHere(settings(server, secrets.resolve("ca.pem"))).place();
            assertThat(log.read("checkpoint")).asString(UTF_8).isEqualTo("log.test\n");
            assertThatThrownBy(() -> log.read("tile/0/000")).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void strangersAreNotTakenForTheLog() {
        try (ApiServer server = ledger().start()) {
            LogPlace log = new LogHere(settings(server, Path.of(""))).place();
            assertThatThrownBy(() -> log.read("checkpoint")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void processWithNeitherLedgerNorAddressSaysSo() {
        LogHere none = new LogHere(new SettingSources().load().ledger());
        assertThatThrownBy(none::place).hasMessageContaining("ledger.address");
    }

    private ApiServer ledger() {
        SettingSources sources = new SettingSources()
                .file(secrets.resolve("palimpsest.properties"))
                .set("http.port", "0")
                .set("http.tls.keystore", secrets.resolve("tls.p12").toString());
        Routes log = routes -> routes.get("/log/checkpoint", context -> context.result("log.test\n"));
        return new ApiServer(
                sources.load().http(),
                ApiKeys.fromFile(secrets.resolve("keys.json")),
                telemetry,
                new Health(),
                List.of(log),
                refused -> {});
    }

    private static LedgerSettings settings(ApiServer server, Path certificates) {
        return new SettingSources()
                .set("ledger.address", server.address() + "/log")
                .set("ledger.ca.file", certificates.toString())
                .load()
                .ledger();
    }
}
