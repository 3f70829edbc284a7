package io.palimpsest.retrain.feedback;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;

/** {@code POST /v1/feedback}. */
public final class FeedbackRoutes implements Routes {
    private final FeedbackIntake intake;
    private final Runnable taken;
    private final StrictJson<FeedbackRequest.Body> bodies =
            new StrictJson<>(FeedbackRequest.Body.class, ErrorCode.FEEDBACK_INVALID);

    /** @param taken told after each, such as {@link FeedbackOutbox#wake} */
    public FeedbackRoutes(FeedbackIntake intake, Runnable taken) {
        this.intake = intake;
        this.taken = taken;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/v1/feedback", this::give);
    }

    private void give(Context context) {
        Caller caller = Callers.require(context, Role.SEARCH);
        FeedbackReceipt receipt =
                intake.take(caller, bodies.read(context.body()).toRequest());
        if (receipt.outcome() != FeedbackReceipt.Outcome.DUPLICATE) {
            taken.run();
        }
        context.status(receipt.outcome().httpStatus()).json(receipt);
    }
}
