package io.palimpsest.platform.temporal;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.StatusRuntimeException;
import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.api.enums.v1.NamespaceState;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the server answers, lets us in and has the namespace: a connection that stands says none of it.
 *
 * <p>Threading: safe. It is asked in the background, every few seconds at most, and only while somebody wants to know.
 */
final class NamespaceProbe {
    private static final Duration ONE_CALL = Duration.ofSeconds(4);
    private static final long BETWEEN_NANOS = Duration.ofSeconds(2).toNanos();

    private final WorkflowServiceStubs service;
    private final DescribeNamespaceRequest question;
    private final TemporalFailure failure;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long askedNanos = System.nanoTime() - BETWEEN_NANOS;
    private volatile Optional<PalimpsestException> trouble = Optional.empty();

    NamespaceProbe(WorkflowServiceStubs service, String namespace, TemporalFailure failure) {
        this.service = service;
        this.question =
                DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build();
        this.failure = failure;
    }

    /** What the last answer was, if it was none or a refusal; at once. */
    Optional<PalimpsestException> trouble() {
        if (System.nanoTime() - askedNanos >= BETWEEN_NANOS && asking.compareAndSet(false, true)) {
            ask();
        }
        return trouble;
    }

    private void ask() {
        Futures.addCallback(
                service.futureStub()
                        .withDeadlineAfter(ONE_CALL.toMillis(), TimeUnit.MILLISECONDS)
                        .describeNamespace(question),
                new FutureCallback<DescribeNamespaceResponse>() {
                    @Override
                    public void onSuccess(DescribeNamespaceResponse answer) {
                        heard(
                                answer.getNamespaceInfo().getState() == NamespaceState.NAMESPACE_STATE_DELETED
                                        ? Optional.of(failure.deleted())
                                        : Optional.empty());
                    }

                    @Override
                    public void onFailure(Throwable thrown) {
                        heard(
                                thrown instanceof StatusRuntimeException status
                                        ? Optional.of(failure.explained(status, ONE_CALL))
                                        : trouble);
                    }
                },
                MoreExecutors.directExecutor());
    }

    private void heard(Optional<PalimpsestException> found) {
        trouble = found;
        askedNanos = System.nanoTime();
        asking.set(false);
    }
}
