package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.retrain.evaluate.Approvals;
import io.palimpsest.retrain.evaluate.EvaluationReport;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET|POST /v1/collections/{collection}/runs}, {@code GET /v1/runs/{run}}, {@code GET /v1/runs/{run}/report},
 * {@code GET /v1/runs/{run}/log}, {@code POST /v1/runs/{run}/approve|reject|cancel}.
 */
public final class RunRoutes implements Routes {
    private static final String RUNS = "/v1/collections/{collection}/runs";
    private static final String RUN = "/v1/runs/{run}";
    private static final String REPORT = "/v1/runs/{run}/report";
    private static final String LOG = "/v1/runs/{run}/log";
    private static final String APPROVE = "/v1/runs/{run}/approve";
    private static final String REJECT = "/v1/runs/{run}/reject";
    private static final String CANCEL = "/v1/runs/{run}/cancel";
    private static final int MOST = 100;

    private final Runs runs;
    private final RunStarter starter;
    private final Approvals approvals;
    private final BiFunction<Scope, String, FineTuneRequest> requests;
    private final RunFiles files;
    private final Predicate<String> isBeyondCancel;
    private final StrictJson<Order> orders = new StrictJson<>(Order.class, ErrorCode.RUN_INVALID);
    private final StrictJson<Word> words = new StrictJson<>(Word.class, ErrorCode.APPROVAL_INVALID);

    /**
     * @param requests makes the request of a run for a cause
     * @param files reports and logs
     * @param isBeyondCancel of a run's id: an erasure that has begun
     */
    public RunRoutes(
            Runs runs,
            RunStarter starter,
            Approvals approvals,
            BiFunction<Scope, String, FineTuneRequest> requests,
            RunFiles files,
            Predicate<String> isBeyondCancel) {
        this.isBeyondCancel = isBeyondCancel;
        this.runs = runs;
        this.starter = starter;
        this.approvals = approvals;
        this.requests = requests;
        this.files = files;
    }

    /**
     * What a person wants trained.
     *
     * @param name of the wish: the same name is the same run
     * @param labels to collect first; null: none, those that there are are used
     */
    record Order(
            @Nullable String name,
            @Nullable String trainer,
            @Nullable Long seed,
            @Nullable Integer labels) {}

    /** Why. */
    record Word(@Nullable String reason) {}

    private record RunList(List<View> runs) {}

    /**
     * @param stage the last that is done; null before the first
     * @param progress of the step that is being done
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record View(
            String run,
            String kind,
            CollectionKey collection,
            String cause,
            @Nullable Stage stage,
            @Nullable Outcome outcome,
            @Nullable String model,
            @Nullable String reason,
            Instant startedAt,
            @Nullable Instant endedAt,
            List<Run.Done> done,
            @Nullable RunProgress progress,
            Approvals.@Nullable Request approval) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get(RUNS, this::list);
        routes.post(RUNS, this::start);
        routes.get(RUN, this::one);
        routes.get(REPORT, this::report);
        routes.get(LOG, this::log);
        routes.post(APPROVE, context -> decide(context, Approvals.Verdict.APPROVE));
        routes.post(REJECT, context -> decide(context, Approvals.Verdict.REJECT));
        routes.post(CANCEL, this::cancel);
    }

    private void list(Context context) {
        Callers.require(context, Role.OPERATE);
        context.json(new RunList(runs.of(Callers.collection(context, "collection"), MOST).stream()
                .map(this::view)
                .toList()));
    }

    /** 202 for a new run, 200 for one that this name has begun before. */
    private void start(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        Order order = orders.read(context.body().isBlank() ? "{}" : context.body());
        Scope scope =
                new Scope(collection.tenant().value(), collection.collection().value(), false);
        String name = order.name() == null ? Instant.now().toString() : order.name();
        FineTuneRequest usual = requests.apply(scope, "manual:" + caller.name() + ":" + name);
        boolean isNew = starter.start(asked(usual, order));
        context.status(isNew ? 202 : 200).json(view(find(usual.runId(), caller)));
    }

    private static FineTuneRequest asked(FineTuneRequest usual, Order order) {
        String trainer = order.trainer() == null ? usual.trainer() : order.trainer();
        int labels = order.labels() == null ? 0 : order.labels();
        if (!List.of("lora", "adapter", "command").contains(trainer) || labels < 0) {
            throw new PalimpsestException(
                    ErrorCode.RUN_INVALID, "trainer is lora, adapter or command, and labels 0 or more");
        }
        return new FineTuneRequest(
                usual.runId(),
                usual.scope(),
                usual.cause(),
                trainer,
                order.seed() == null ? usual.seed() : order.seed(),
                labels,
                usual.labelling(),
                usual.approvalExpiry(),
                usual.silence(),
                usual.rollout());
    }

    private void one(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        context.json(view(find(context.pathParam("run"), caller)));
    }

    /** As HTML, Markdown or JSON, by {@code ?format=html|markdown|json}. */
    private void report(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        Run run = find(context.pathParam("run"), caller);
        String format = context.queryParam("format");
        String name = format == null || format.equals("html")
                ? EvaluationReport.HTML
                : format.equals("markdown") ? EvaluationReport.MARKDOWN : EvaluationReport.JSON;
        byte[] report = files.read(run.id(), name)
                .orElseThrow(() ->
                        new PalimpsestException(ErrorCode.NOT_FOUND, "run " + run.id() + " was not evaluated (yet)"));
        context.contentType(
                        name.equals(EvaluationReport.HTML)
                                ? "text/html; charset=utf-8"
                                : name.equals(EvaluationReport.JSON)
                                        ? "application/json"
                                        : "text/markdown; charset=utf-8")
                .result(report);
    }

    /** What the trainer's process said; may quote what it learned from. */
    private void log(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        Run run = find(context.pathParam("run"), caller);
        context.contentType("text/plain; charset=utf-8")
                .result(files.read(run.id(), RunFiles.LOG)
                        .orElseThrow(() -> new PalimpsestException(
                                ErrorCode.NOT_FOUND,
                                "run " + run.id() + " has no log of a training that ended, or it was erased")));
    }

    private void decide(Context context, Approvals.Verdict verdict) {
        Caller caller = Callers.require(context, Role.APPROVE);
        Run run = unfinished(context.pathParam("run"), caller);
        String reason =
                words.read(context.body().isBlank() ? "{}" : context.body()).reason();
        Approvals.Request now = approvals.decide(run.id(), caller, verdict, reason == null ? "" : reason);
        starter.decided(run.id());
        context.json(now);
    }

    private void cancel(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        Run run = unfinished(context.pathParam("run"), caller);
        if (isBeyondCancel.test(run.id())) {
            throw new PalimpsestException(ErrorCode.ERASURE_UNDER_WAY, "the document is being erased");
        }
        starter.cancel(run);
        context.status(202).json(view(run));
    }

    private Run unfinished(String id, Caller caller) {
        Run run = find(id, caller);
        if (run.end().isPresent()) {
            throw new PalimpsestException(
                    ErrorCode.RUN_ENDED,
                    "run " + id + " has ended: " + run.end().get().outcome());
        }
        return run;
    }

    private Run find(String id, Caller caller) {
        return runs.find(id)
                .filter(run -> caller.mayUse(run.collection()))
                .orElseThrow(() -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such run for this key"));
    }

    private View view(Run run) {
        List<Run.Done> done = runs.done(run.id());
        RunEnd end = run.end().orElse(null);
        return new View(
                run.id(),
                run.kind(),
                run.collection(),
                run.cause(),
                done.isEmpty() ? null : done.getLast().stage(),
                end == null ? null : end.outcome(),
                end == null ? null : end.model(),
                end == null ? null : end.reason(),
                run.startedAt(),
                run.endedAt().orElse(null),
                done,
                end == null ? runs.progress(run.id()).orElse(null) : null,
                approvals.find(run.id()).orElse(null));
    }
}
