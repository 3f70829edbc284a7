package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.S3ContentSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.Certificates;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import software.amazon.awssdk.services.s3.S3Client;

/** A server that speaks TLS, with a certificate of an authority that the JVM does not know. */
@NeedsEngine(EngineKind.S3)
final class S3SecurityIT {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/a");
    private static final int LARGE = 12 << 20; // in parts

    @TempDir
    private Path folder;

    @Test
    void theAuthorityOfTheFileIsTrustedAndNoOther() throws IOException {
        Certificates certificates = Certificates.make(folder);
        S3Engine server = S3Engine.startSecured(certificates);
        try (GenericContainer<?> container = server.container().orElseThrow();
                Database database = Database.open(DatabaseSettings.inFile(folder.resolve("keys.db")))) {
            assertThat(container.isRunning()).isTrue();
            S3Access trusting = TestS3.trusting(server, certificates.authority());
            try (S3Client s3 = S3Clients.of(trusting)) {
                s3.createBucket(r -> r.bucket("secured"));
            }
            DocumentKeys keys = new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key")));
            try (S3ContentStore store = S3ContentStore.open(settings(trusting), keys)) {
                byte[] large = new byte[LARGE];
                new Random(1).nextBytes(large);
                ContentHash small = store.put(DOCUMENT, "a text".getBytes(UTF_8));
                ContentHash parts = store.put(DOCUMENT, large);
                assertThat(store.read(DOCUMENT, small)).isEqualTo("a text".getBytes(UTF_8));
                assertThat(store.read(DOCUMENT, parts)).isEqualTo(large);
            }
            assertUntrusted(TestS3.access(server), keys);
            Certificates others = Certificates.make(Files.createDirectory(folder.resolve("others")));
            assertUntrusted(TestS3.trusting(server, others.authority()), keys);
        }
    }

    private static void assertUntrusted(S3Access access, DocumentKeys keys) {
        assertThatThrownBy(() -> S3ContentStore.open(settings(access), keys))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContainingAll(access.address(), "content.s3.ca.file", "not trusted");
    }

    @Test
    void aFileOfCertificatesThatCannotBeReadIsNamed() {
        Path absent = folder.resolve("absent.pem");
        S3Engine server =
                new S3Engine(URI.create("https://127.0.0.1:1"), "key", "secret", "us-east-1", Optional.empty());
        assertThatThrownBy(() -> S3Clients.of(TestS3.trusting(server, absent)))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining(absent.toString());
    }

    private static S3ContentSettings settings(S3Access access) {
        return new S3ContentSettings(access, "secured", "", S3ContentSettings.Checksum.CRC32, TestBucket.PART);
    }
}
