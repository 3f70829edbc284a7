package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What leaves an activity as a failure is an error code: messages and stack traces stay in the worker's log, because a
 * history is kept by a server that others read.
 */
final class FailureCodes extends WorkerInterceptorBase {
    private static final Logger LOG = LoggerFactory.getLogger(FailureCodes.class);
    private static final String UNKNOWN = "INTERNAL";

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {
            @Override
            public ActivityOutput execute(ActivityInput input) {
                try {
                    return super.execute(input);
                } catch (PalimpsestException e) {
                    LOG.atWarn()
                            .setCause(e)
                            .addKeyValue("errorCode", e.code().id())
                            .log("a step of a run failed");
                    throw failure(e.code().name(), e.code().next() == NextAction.RETRY);
                } catch (TemporalException e) { // a cancellation, or one of ours already
                    throw e;
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).addKeyValue("errorCode", UNKNOWN).log("a step of a run failed");
                    throw failure(UNKNOWN, true);
                }
            }
        };
    }

    private static ApplicationFailure failure(String code, boolean retry) {
        ApplicationFailure failure = retry
                ? ApplicationFailure.newFailure(code, code)
                : ApplicationFailure.newNonRetryableFailure(code, code);
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }
}
