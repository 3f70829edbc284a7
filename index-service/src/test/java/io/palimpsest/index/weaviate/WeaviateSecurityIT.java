package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KillableWeaviate;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for a key, behind TLS and without it. */
@NeedsEngine(EngineKind.WEAVIATE)
final class WeaviateSecurityIT {
    private static final String KEY = "a-long-secret-key";
    private static final String STORE = "javax.net.ssl.trustStore";
    private static @Nullable KillableWeaviate started;
    private static WeaviateSettings server = TestWeaviate.settings("127.0.0.1", 1, 1, "None");

    @BeforeAll
    static void start() throws IOException {
        started = new KillableWeaviate(Map.of(
                "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "false",
                "AUTHENTICATION_APIKEY_ENABLED", "true",
                "AUTHENTICATION_APIKEY_ALLOWED_KEYS", KEY,
                "AUTHENTICATION_APIKEY_USERS", "palimpsest"));
        server = TestWeaviate.settings(started);
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
    }

    private static void assertWorks(WeaviateSettings settings) {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "alpha")));
            assertThat(index.search(GENERATION.id(), PassageQuery.of(vector("alpha"), "alpha", 10, ALICE))
                            .vector())
                    .hasSize(1);
            index.dropGeneration(GENERATION.id());
        }
    }

    private static void assertRefused(WeaviateSettings settings) {
        assertThatThrownBy(() -> new WeaviatePassageIndex(settings))
                .hasMessageContaining("127.0.0.1:" + settings.httpPort())
                .hasMessageContaining("index.weaviate.key")
                .hasMessageNotContaining("wrong-key")
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED));
    }

    @Test
    void rightKeyIsLetInAndAnotherOrNoneIsRefusedWithWhatToDo() {
        assertWorks(TestWeaviate.secured(server, KEY, false));
        assertRefused(TestWeaviate.secured(server, "wrong-key", false));
        assertRefused(server);
    }

    @Test
    void bothInterfacesSpeakTlsWithATrustedCertificateOnly(@TempDir Path folder) throws Exception {
        Path store = TlsProxy.makeStore(folder);
        WeaviateSettings plain = server;
        try (TlsProxy http = new TlsProxy(store, plain.httpPort(), "http/1.1");
                TlsProxy grpc = new TlsProxy(store, plain.grpcPort(), "h2")) {
            WeaviateSettings settings = TestWeaviate.secured(
                    TestWeaviate.settings("127.0.0.1", http.port(), grpc.port(), plain.prefix()), KEY, true);
            assertThatThrownBy(() -> new WeaviatePassageIndex(settings))
                    .hasMessageContaining("https://127.0.0.1:" + http.port())
                    .hasMessageContaining("certificate");
            trusting(store, () -> assertWorks(settings));
        }
    }

    /** A JVM that is started with these properties has such a default from the beginning. */
    private static void trusting(Path store, Runnable test) throws Exception {
        SSLContext usual = SSLContext.getDefault();
        String before = System.getProperty(STORE);
        System.setProperty(STORE, store.toString());
        System.setProperty(STORE + "Password", TlsProxy.PASSWORD);
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, null, null);
        SSLContext.setDefault(trusting);
        try {
            test.run();
        } finally {
            SSLContext.setDefault(usual);
            System.clearProperty(STORE + "Password");
            if (before == null) {
                System.clearProperty(STORE);
            } else {
                System.setProperty(STORE, before);
            }
        }
    }
}
