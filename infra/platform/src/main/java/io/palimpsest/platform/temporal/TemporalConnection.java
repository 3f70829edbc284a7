package io.palimpsest.platform.temporal;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.TemporalSettings;
import io.temporal.api.enums.v1.NamespaceState;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Temporal server that answered, lets us in, and has our namespace.
 *
 * <p>Threading: safe. Failure: {@link #open} throws TEMPORAL_UNAVAILABLE after {@code temporal.start.timeout} at the
 * latest, TEMPORAL_REFUSED or CONFIG_INVALID where waiting would not help; afterwards the connection mends itself.
 */
public final class TemporalConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalConnection.class);
    /** The first in which a running workflow can be asked to change (Workflow Update): approvals stand on it. */
    private static final ServerVersion OLDEST = new ServerVersion(1, 25);

    private static final String IN_MEMORY = "in memory";
    private static final Duration ONE_CALL = Duration.ofSeconds(4);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final WorkflowServiceStubs service;
    private final String address;
    private final String namespace;
    /** Empty for one in memory, which cannot refuse. */
    private final Optional<TemporalFailure> failure;

    private final Optional<NamespaceProbe> probe;
    private volatile String serverVersion = "";
    private volatile boolean reachable = true;
    private volatile boolean tags;
    private volatile Optional<String> advice = Optional.empty();

    private TemporalConnection(TemporalSettings settings, String address) {
        this.address = address;
        this.namespace = settings.namespace();
        this.service = WorkflowServiceStubs.newServiceStubs(TemporalOptions.of(settings, address));
        TemporalFailure meaning = new TemporalFailure(address, settings);
        this.failure = Optional.of(meaning);
        this.probe = Optional.of(new NamespaceProbe(service, namespace, meaning));
    }

    private TemporalConnection(ManagedChannel channel, String namespace) {
        this.address = IN_MEMORY;
        this.namespace = namespace;
        this.service = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setChannel(channel).build());
        this.failure = Optional.empty();
        this.probe = Optional.empty();
    }

    /** To a server in this JVM; nothing is asked of it. */
    public static TemporalConnection inMemory(ManagedChannel channel, String namespace) {
        return new TemporalConnection(channel, namespace);
    }

    /** Whether the server remembers, lists and schedules; one in memory does none of it. */
    public boolean isDurable() {
        return !address.equals(IN_MEMORY);
    }

    /**
     * Returns when it can be used.
     *
     * @param settings with an address
     */
    public static TemporalConnection open(TemporalSettings settings) {
        return open(settings, List.of());
    }

    /**
     * Returns when it can be used. Where the server does not let the attributes be added, it is used without.
     *
     * @param settings with an address
     * @param keywords names of search attributes that workflows are to carry
     */
    public static TemporalConnection open(TemporalSettings settings, List<String> keywords) {
        String address = settings.address()
                .orElseThrow(() -> new PalimpsestException(ErrorCode.CONFIG_INVALID, "temporal.address is not set"));
        TemporalConnection connection = new TemporalConnection(settings, address);
        try {
            connection.check(connection.failure.orElseThrow(), settings.startTimeout());
            if (!keywords.isEmpty()) {
                connection.tags = SearchAttributes.ensure(settings, address, keywords);
                connection.advice = connection.tags
                        ? Optional.empty()
                        : Optional.of(SearchAttributes.remedy(keywords, settings.namespace()));
            }
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** For clients and workers of the Temporal SDK. */
    public WorkflowServiceStubs service() {
        return service;
    }

    public String namespace() {
        return namespace;
    }

    /** {@code host:port} of the frontend. */
    public String address() {
        return address;
    }

    /** As the server says, such as {@code 1.29.1}. */
    public String serverVersion() {
        return serverVersion;
    }

    /** Whether workflows may carry the search attributes that were asked for. */
    public boolean hasKeywords() {
        return tags;
    }

    /** For the operator, where they were refused: how to get them. */
    public Optional<String> advice() {
        return advice;
    }

    public boolean healthy() {
        return trouble().isEmpty();
    }

    /** For the operator: why the server cannot be used though it could at the start, as far as is known without waiting. */
    public Optional<String> trouble() {
        ConnectivityState state = service.getRawChannel().getState(true);
        if (state != ConnectivityState.CONNECTING) { // of which nobody knows yet how it ends
            reachable = state == ConnectivityState.READY || state == ConnectivityState.IDLE;
        }
        return probe.flatMap(NamespaceProbe::trouble)
                .map(PalimpsestException::getMessage)
                .or(() -> reachable ? Optional.empty() : Optional.of(unanswering()));
    }

    /**
     * What a failed call of {@link #service} means.
     *
     * @return TEMPORAL_REFUSED where waiting does not help, otherwise TEMPORAL_UNAVAILABLE
     */
    public PalimpsestException explained(RuntimeException failed, Duration waited) {
        StatusRuntimeException status = TemporalFailure.find(failed, StatusRuntimeException.class);
        return status == null || failure.isEmpty()
                ? new PalimpsestException(ErrorCode.TEMPORAL_UNAVAILABLE, unanswering(), failed)
                : failure.get().explained(status, waited);
    }

    private String unanswering() {
        return "Temporal at " + address + " does not answer: start it, or correct temporal.address";
    }

    @Override
    public void close() {
        service.shutdownNow();
        service.awaitTermination(1, TimeUnit.SECONDS);
    }

    private void check(TemporalFailure failure, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        String version = answer(
                deadline,
                failure,
                () -> service.blockingStub()
                        .withDeadlineAfter(ONE_CALL.toMillis(), TimeUnit.MILLISECONDS)
                        .getSystemInfo(GetSystemInfoRequest.getDefaultInstance())
                        .getServerVersion());
        if (ServerVersion.parse(version).filter(OLDEST::isAfter).isPresent()) {
            throw failure.refused("is version " + version + ": upgrade it to " + OLDEST + " or newer", null);
        }
        NamespaceState state = answer(
                deadline,
                failure,
                () -> service.blockingStub()
                        .withDeadlineAfter(ONE_CALL.toMillis(), TimeUnit.MILLISECONDS)
                        .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                .setNamespace(namespace)
                                .build())
                        .getNamespaceInfo()
                        .getState());
        if (state == NamespaceState.NAMESPACE_STATE_DELETED) {
            throw failure.deleted();
        }
        serverVersion = version;
        LOG.atInfo().log("Temporal {} answers at {}, namespace {}", version, address, namespace);
    }

    /** Asks again while it may pass and there is time. */
    private static <T> T answer(long deadline, TemporalFailure failure, Supplier<T> call) {
        boolean told = false;
        while (true) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (!failure.mayPass(e) || System.nanoTime() >= deadline) {
                    throw failure.explained(e);
                }
                if (!told) {
                    LOG.atWarn()
                            .addKeyValue("errorCode", ErrorCode.TEMPORAL_UNAVAILABLE.id())
                            .log(
                                    "{}",
                                    failure.explained(Status.UNAVAILABLE.asRuntimeException())
                                            .getMessage());
                    told = true;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
