package io.palimpsest.platform.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.config.TemporalSettings;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.testkit.engine.Certificates;
import io.temporal.api.enums.v1.NamespaceState;
import io.temporal.api.namespace.v1.NamespaceInfo;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** TLS and API keys, which the development server does not have: a stand-in that answers the two questions of the start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecureTemporalTest {
    private static final String KEY = "the-right-key";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StandIn standIn = new StandIn();
    private volatile String known = KEY;
    private Certificates certificates;
    private Server server;

    @TempDir
    static Path folder;

    @BeforeAll
    void start() throws Exception {
        certificates = Certificates.make(folder);
        server = serve(0);
    }

    private Server serve(int port) throws Exception {
        KeyStore store = KeyStore.getInstance(certificates.keyStore().toFile(), Certificates.PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, Certificates.PASSWORD.toCharArray());
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
                        .build())
                .intercept(new KeyAsked())
                .addService(standIn)
                .build()
                .start();
    }

    @AfterAll
    void stop() {
        server.shutdownNow();
    }

    @Test
    void theKeyGoesWithEachCall() {
        try (TemporalConnection connection = TemporalConnection.open(settings(Map.of("temporal.api.key", KEY)))) {
            assertThat(connection.serverVersion()).isEqualTo("1.29.1");
        }
    }

    @Test
    void theKeyIsReadFromItsFileAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
        try (TemporalConnection connection =
                TemporalConnection.open(settings(Map.of("temporal.api.key.file", file.toString())))) {
            Files.writeString(file, "another");
            assertThatThrownBy(() -> connection
                            .service()
                            .blockingStub()
                            .getSystemInfo(GetSystemInfoRequest.getDefaultInstance()))
                    .hasMessageContaining("UNAUTHENTICATED");
        }
    }

    @Test
    void aServerThatLetsNoAttributesBeAddedIsUsedWithoutThemAndTheOperatorLearnsHow() {
        try (TemporalConnection connection =
                TemporalConnection.open(settings(Map.of("temporal.api.key", KEY)), List.of("PalimpsestStage"))) {
            assertThat(connection.hasKeywords()).isFalse();
            assertThat(connection.advice().orElse(""))
                    .contains(
                            "temporal operator search-attribute create --namespace default",
                            "--name PalimpsestStage --type Keyword",
                            "Temporal Cloud");
        }
    }

    @Test
    void aWrongKeyIsNamedAndNotShown() {
        refused(Map.of("temporal.api.key", "a-wrong-one"), "does not know these credentials", "temporal.api.key")
                .hasMessageNotContaining("a-wrong-one");
        assertThat(settings(Map.of("temporal.api.key", "a-wrong-one")).toString())
                .doesNotContain("a-wrong-one");
    }

    @Test
    void aServerOfAnotherAuthorityIsNamed() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));

        refused(
                Map.of(
                        "temporal.api.key",
                        KEY,
                        "temporal.tls.ca.file",
                        Certificates.make(other).authority().toString()),
                "do not trust each other",
                "temporal.tls.ca.file");
    }

    @Test
    void plaintextToATlsPortIsNamed() {
        Map<String, String> plain =
                Map.of("temporal.address", "127.0.0.1:" + server.getPort(), "temporal.start.timeout", "PT3S");

        assertThatThrownBy(() -> TemporalConnection.open(Settings.load(plain).temporal()))
                .hasMessageContaining("127.0.0.1:" + server.getPort())
                .hasMessageContaining("temporal.tls.enabled=true");
    }

    @Test
    void anOldServerIsRefused() {
        standIn.version = "1.20.4";
        try {
            refused(Map.of("temporal.api.key", KEY), "is version 1.20.4", "upgrade it to 1.25");
        } finally {
            standIn.version = "1.29.1";
        }
    }

    @Test
    void theConnectionMendsItselfAfterTheServerWasAway() throws Exception {
        try (TemporalConnection connection = TemporalConnection.open(settings(Map.of("temporal.api.key", KEY)))) {
            int port = server.getPort();
            server.shutdownNow().awaitTermination();
            assertThat(Condition.await(() -> !connection.healthy(), PATIENCE, Duration.ofMillis(20)))
                    .as("seen as away")
                    .isTrue();
            server = serve(port);
            assertThat(Condition.await(connection::healthy, PATIENCE, Duration.ofMillis(20)))
                    .as("seen as back")
                    .isTrue();
        }
    }

    @Test
    void credentialsThatAreNotTakenAnyMoreAreNamedUntilTheyAreAgain() throws Exception {
        try (TemporalConnection connection = TemporalConnection.open(settings(Map.of("temporal.api.key", KEY)))) {
            known = "another";
            assertTrouble(connection, "does not know these credentials", "temporal.api.key");
            assertThat(connection.explained(Status.UNAUTHENTICATED.asRuntimeException(), Duration.ZERO))
                    .returns(ErrorCode.TEMPORAL_REFUSED, PalimpsestException::code);
            known = KEY;
            assertMended(connection);
        } finally {
            known = KEY;
        }
    }

    @Test
    void aNamespaceThatIsDeletedWhileItIsUsedIsNamedUntilItIsThereAgain() throws Exception {
        try (TemporalConnection connection = TemporalConnection.open(settings(Map.of("temporal.api.key", KEY)))) {
            standIn.namespace = NamespaceState.NAMESPACE_STATE_DELETED;
            assertTrouble(connection, "has deleted the namespace \"default\"", "or create it");
            standIn.namespace = NamespaceState.NAMESPACE_STATE_UNSPECIFIED;
            assertTrouble(connection, "has no namespace \"default\"", "temporal operator namespace create default");
            standIn.namespace = NamespaceState.NAMESPACE_STATE_REGISTERED;
            assertMended(connection);
        } finally {
            standIn.namespace = NamespaceState.NAMESPACE_STATE_REGISTERED;
        }
    }

    @Test
    void aServerThatKeepsTheConnectionAndSaysNothingIsSeenUntilItAnswers() throws Exception {
        try (TemporalConnection connection = TemporalConnection.open(settings(Map.of("temporal.api.key", KEY)))) {
            standIn.mute = true;
            assertTrouble(connection, "does not answer, waited for PT4S", "start it, or correct temporal.address");
            standIn.mute = false;
            assertMended(connection);
        } finally {
            standIn.mute = false;
        }
    }

    private void assertTrouble(TemporalConnection connection, String... says) throws Exception {
        assertThat(Condition.await(
                        () -> !connection.healthy()
                                && connection
                                        .trouble()
                                        .filter(text -> text.contains(says[0]))
                                        .isPresent(),
                        PATIENCE,
                        Duration.ofMillis(20)))
                .as("seen: %s", says[0])
                .isTrue();
        assertThat(connection.trouble().orElse(""))
                .contains("Temporal at 127.0.0.1:" + server.getPort())
                .contains(says);
    }

    private static void assertMended(TemporalConnection connection) throws Exception {
        assertThat(Condition.await(connection::healthy, PATIENCE, Duration.ofMillis(20)))
                .as("seen as back")
                .isTrue();
        assertThat(connection.trouble()).isEmpty();
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            Map<String, String> given, String... says) {
        return assertThatThrownBy(() -> TemporalConnection.open(settings(given)))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORAL_REFUSED))
                .hasMessageContainingAll(says);
    }

    private TemporalSettings settings(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(Map.of(
                "temporal.address",
                "127.0.0.1:" + server.getPort(),
                "temporal.start.timeout",
                "PT3S",
                "temporal.tls.ca.file",
                certificates.authority().toString()));
        all.putAll(given);
        return Settings.load(all).temporal();
    }

    private final class KeyAsked implements ServerInterceptor {
        private final Metadata.Key<String> authorization =
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (!("Bearer " + known).equals(headers.get(authorization))) {
                call.close(Status.UNAUTHENTICATED.withDescription("no such key"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }

    private static final class StandIn extends WorkflowServiceGrpc.WorkflowServiceImplBase {
        private volatile String version = "1.29.1";
        private volatile boolean mute;
        private volatile NamespaceState namespace = NamespaceState.NAMESPACE_STATE_REGISTERED;

        @Override
        public void getSystemInfo(GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
            answer.onNext(
                    GetSystemInfoResponse.newBuilder().setServerVersion(version).build());
            answer.onCompleted();
        }

        @Override
        public void describeNamespace(
                DescribeNamespaceRequest request, StreamObserver<DescribeNamespaceResponse> answer) {
            if (mute) {
                return;
            }
            if (namespace == NamespaceState.NAMESPACE_STATE_UNSPECIFIED) {
                answer.onError(Status.NOT_FOUND.withDescription("not there").asRuntimeException());
                return;
            }
            answer.onNext(DescribeNamespaceResponse.newBuilder()
                    .setNamespaceInfo(NamespaceInfo.newBuilder().setState(namespace))
                    .build());
            answer.onCompleted();
        }
    }
}
