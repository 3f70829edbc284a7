package io.palimpsest.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
    private static final String PASSWORD = "changeit";

    @Test
    void withAKeystoreTheServerSpeaksTlsOnly(@TempDir Path folder) throws Exception {
        Path keystore = keystore(folder);
        Path keyFile = Files.writeString(folder.resolve("keys.json"), "[]");
        HttpSettings settings = new HttpSettings(
                "127.0.0.1", 0, Optional.of(keyFile), Optional.of(keystore), new Secret(PASSWORD), 1 << 20);
        try (Telemetry telemetry = Telemetry.local();
                ApiServer server = new ApiServer(
                        settings, ApiKeys.fromFile(keyFile), telemetry, new Health(), List.of(), refused -> {})) {
            server.start();
            assertThat(server.address()).startsWith("https://127.0.0.1:");

            HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(keystore)).build();
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(server.address() + "/health/live"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.sslSession()).isPresent();
        }
    }

    /** A self-signed certificate, made by the JDK's own tool. */
    private static Path keystore(Path folder) throws Exception {
        Path keystore = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        return keystore;
    }

    private static SSLContext trusting(Path keystore) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
