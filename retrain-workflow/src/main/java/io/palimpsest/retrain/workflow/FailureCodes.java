package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.activity.ActivityExecutionContext;
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
    /** With the pauses between them about an hour: what has no code is most likely a mistake of ours, and stays one. */
    private static final int MOST_ATTEMPTS = 60;

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {
            private int attempt = 1;

            @Override
            public void init(ActivityExecutionContext context) {
                attempt = context.getInfo().getAttempt();
                super.init(context);
            }

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
                    throw failure(UNKNOWN, attempt < MOST_ATTEMPTS);
                } catch (Error e) { // no memory, or a class that is not there: trying again would be the same again
                    LOG.atError().setCause(e).addKeyValue("errorCode", UNKNOWN).log("a step of a run failed");
                    throw failure(UNKNOWN, false);
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
