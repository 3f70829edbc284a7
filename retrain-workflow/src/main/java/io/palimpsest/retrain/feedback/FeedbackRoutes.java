package io.palimpsest.retrain.feedback;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.Locale;

/** {@code POST /v1/feedback}. */
public final class FeedbackRoutes implements Routes {
    private final FeedbackIntake intake;
    private final Runnable taken;
    private final Telemetry telemetry;
    private final StrictJson<FeedbackRequest.Body> bodies =
            new StrictJson<>(FeedbackRequest.Body.class, ErrorCode.FEEDBACK_INVALID);

    /** @param taken told after each, such as {@link FeedbackOutbox#wake} */
    public FeedbackRoutes(FeedbackIntake intake, Runnable taken, Telemetry telemetry) {
        this.intake = intake;
        this.taken = taken;
        this.telemetry = telemetry;
        for (FeedbackReceipt.Outcome outcome : FeedbackReceipt.Outcome.values()) {
            telemetry.count(Metric.FEEDBACK, 0, word(outcome), "none"); // an increase is seen only of what was there
        }
    }

    private static String word(FeedbackReceipt.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/v1/feedback", this::give);
    }

    private void give(Context context) {
        Caller caller = Callers.require(context, Role.SEARCH);
        FeedbackReceipt receipt = counted(caller, context.body());
        if (receipt.outcome() != FeedbackReceipt.Outcome.DUPLICATE) {
            taken.run();
        }
        context.status(receipt.outcome().httpStatus()).json(receipt);
    }

    private FeedbackReceipt counted(Caller caller, String body) {
        try {
            FeedbackReceipt receipt = intake.take(caller, bodies.read(body).toRequest());
            telemetry.count(Metric.FEEDBACK, word(receipt.outcome()), "none");
            return receipt;
        } catch (PalimpsestException e) {
            telemetry.count(Metric.FEEDBACK, "refused", e.code().id());
            throw e;
        }
    }
}
