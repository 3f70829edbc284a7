package io.palimpsest.ledger.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointExportTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private final NoteSigner signer = NoteSigner.generate("log.test", KeyType.ED25519, CLOCK);
    private final AtomicReference<Optional<SignedNote>> newest = new AtomicReference<>(Optional.empty());
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(204);

    @Test
    void eachNewCheckpointBecomesAFileOfItsOwnOnce() throws Exception {
        Path target = folder.resolve("exported");
        try (CheckpointExport export = export(new FolderTarget(target))) {
            assertThat(export.start().failures()).isZero();
            newest.set(Optional.of(note(7)));
            until(() -> Files.exists(target.resolve(CheckpointName.of(note(7)))));
            newest.set(Optional.of(note(1_042)));
            until(() -> Files.exists(target.resolve(CheckpointName.of(note(1_042)))));
            assertThat(Files.readAllBytes(target.resolve(CheckpointName.of(note(1_042)))))
                    .isEqualTo(note(1_042).bytes());
            try (var files = Files.list(target)) {
                assertThat(files).hasSize(2);
            }
        }
    }

    @Test
    void bothHeadsOfAForkStayInTheFolderAndNoFileIsReplaced() throws Exception {
        FolderTarget target = new FolderTarget(folder.resolve("exported"));
        SignedNote one = note(7, "one");
        SignedNote other = note(7, "other");
        target.take(one);
        target.take(other);
        assertThat(CheckpointName.of(one))
                .isEqualTo("checkpoint-000000000007-"
                        + Hash.sha256("one".getBytes(UTF_8)).hex().substring(0, 16));
        assertThat(Files.readAllBytes(target.folder().resolve(CheckpointName.of(one))))
                .isEqualTo(one.bytes());
        assertThat(Files.readAllBytes(target.folder().resolve(CheckpointName.of(other))))
                .isEqualTo(other.bytes());
        target.take(new SignedNote(
                one.text(),
                List.of(NoteSigner.generate("log.test", KeyType.ED25519, CLOCK).sign(one.text()))));
        assertThat(Files.readAllBytes(target.folder().resolve(CheckpointName.of(one))))
                .as("what was taken first")
                .isEqualTo(one.bytes());
        try (var files = Files.list(target.folder())) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void anObjectThatIsThereIsNotReplacedAndThatIsNoFailure() throws Exception {
        List<String> conditions = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            conditions.add(exchange.getRequestURI().getPath() + " "
                    + exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        S3Access access = new S3Access(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "us-east-1",
                Optional.empty(),
                new Secret("id"),
                new Secret("secret"),
                true,
                Duration.ofSeconds(10),
                1);
        try (BucketTarget target = new BucketTarget(S3Clients.of(access), "kept", "log/")) {
            status.set(412);
            target.take(note(7));
            assertThat(conditions).containsExactly("/kept/log/" + CheckpointName.of(note(7)) + " *");
            status.set(403);
            assertThatThrownBy(() -> target.take(note(7))).isInstanceOf(IOException.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aWebhookThatRefusesIsAskedAgainUntilItTakesWhatIsNewestThen() throws Exception {
        HttpServer server = server();
        try (CheckpointExport export = export(WebhookTarget.of(address(server)))) {
            status.set(500);
            newest.set(Optional.of(note(1)));
            assertThat(export.start().target()).isEqualTo("webhook");
            until(() -> export.failures() > 1);
            double age = export.ageSeconds();
            until(() -> export.ageSeconds() > age);
            newest.set(Optional.of(note(2)));
            status.set(200);
            until(() -> export.failures() == 0);
            assertThat(posted.getLast()).isEqualTo(new String(note(2).bytes(), UTF_8));
            int taken = posted.size();
            Thread.sleep(5 * SOON.toMillis());
            assertThat(posted).as("the same is not sent again").hasSize(taken);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aRedirectIsNotFollowedAndNoMessageHoldsTheAddress() throws Exception {
        HttpServer server = server();
        try (WebhookTarget target = WebhookTarget.of(URI.create(address(server) + "?token=hush"))) {
            status.set(302);
            assertThatThrownBy(() -> target.take(note(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("302")
                    .hasMessageNotContaining("hush");
        } finally {
            server.stop(0);
        }
        try (WebhookTarget away = WebhookTarget.of(URI.create("http://127.0.0.1:1/?token=hush"))) {
            assertThatThrownBy(() -> away.take(note(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("hush")
                    .hasNoCause();
        }
    }

    @Test
    void oneTargetThatIsAwayHoldsUpNoOtherAndIsSaidInTheHealth() throws Exception {
        Path target = folder.resolve("exported");
        var settings = Settings.load(Map.of(
                        "ledger.export.every", "PT0.02S",
                        "ledger.export.dir", target.toString(),
                        "ledger.export.webhook", "http://127.0.0.1:1/"))
                .ledger()
                .export();
        newest.set(Optional.of(note(3)));
        Health health = new Health();
        try (Telemetry telemetry = Telemetry.local();
                CheckpointExports exports = new CheckpointExports(settings, newest::get, CLOCK)) {
            exports.start(telemetry, health);
            until(() -> Files.exists(target.resolve(CheckpointName.of(note(3)))));
            until(() -> telemetry.scrape().contains("palimpsest_ledger_export_age"));
            until(() -> String.valueOf(health.states().get("ledger-export")).contains("not handed to webhook"));
            assertThat(health.isReady()).as("nobody stops for it").isTrue();
            assertThat(telemetry.scrape()).contains("target=\"folder\"").contains("target=\"webhook\"");
        }
    }

    @Test
    void anAddressThatIsNeitherHttpsNorOnLoopbackIsRefusedWithoutSayingIt() {
        assertThatThrownBy(() -> Settings.load(Map.of("ledger.export.webhook", "http://example.org/hush")))
                .hasMessageContaining("ledger.export.webhook")
                .hasMessageNotContaining("hush");
        assertThat(Settings.load(Map.of("ledger.export.webhook", "https://example.org/hush"))
                        .toString())
                .doesNotContain("hush");
    }

    private CheckpointExport export(ExportTarget target) {
        return new CheckpointExport(target, newest::get, SOON, BackOff.constant(SOON), CLOCK);
    }

    private static void until(Condition<RuntimeException> condition) throws InterruptedException {
        assertThat(Condition.await(condition, Duration.ofSeconds(20), Duration.ofMillis(10)))
                .isTrue();
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.getResponseHeaders().add("Location", "/hook");
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private SignedNote note(long size) {
        return note(size, "tree of " + size);
    }

    private SignedNote note(long size, String tree) {
        String text = new Checkpoint("log.test", size, Hash.sha256(tree.getBytes(UTF_8))).text();
        return new SignedNote(text, List.of(signer.sign(text)));
    }
}
