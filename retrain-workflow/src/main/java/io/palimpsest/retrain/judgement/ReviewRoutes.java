package io.palimpsest.retrain.judgement;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/collections/{collection}/review}, {@code .../review/next}, {@code POST .../review/{item}},
 * {@code POST .../judgements:import}, {@code GET .../judgements:export}.
 */
public final class ReviewRoutes implements Routes {
    private final Judgements judgements;
    private final PassageTexts texts;
    private final DocumentStandings documents;
    private final StrictJson<Grade> grades = new StrictJson<>(Grade.class, ErrorCode.GRADE_INVALID);

    /** One or the other. */
    record Grade(@Nullable Integer grade, @Nullable String skip) {}

    public ReviewRoutes(Judgements judgements, PassageTexts texts, DocumentStandings documents) {
        this.judgements = judgements;
        this.texts = texts;
        this.documents = documents;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/collections/{collection}/review", this::counts);
        routes.get("/v1/collections/{collection}/review/next", this::next);
        routes.post("/v1/collections/{collection}/review/{item}", this::judge);
        routes.post("/v1/collections/{collection}/judgements:import", this::importLines);
        routes.get("/v1/collections/{collection}/judgements:export", this::export);
    }

    private void counts(Context context) {
        Callers.requireAny(context, Set.of(Role.REVIEW, Role.OPERATE, Role.APPROVE));
        context.json(judgements.counts(Callers.collection(context, "collection")));
    }

    /** 204: there is nothing for this reviewer now. */
    private void next(Context context) {
        Caller reviewer = Callers.require(context, Role.REVIEW);
        Optional<ReviewTask> task = judgements.next(reviewer, Callers.collection(context, "collection"));
        if (task.isPresent()) {
            context.json(task.get());
        } else {
            context.status(204);
        }
    }

    private void judge(Context context) {
        Caller reviewer = Callers.require(context, Role.REVIEW);
        Grade given = grades.read(context.body());
        ReviewState state = judgements.judge(
                reviewer,
                Callers.collection(context, "collection"),
                context.pathParam("item"),
                given.grade(),
                given.skip());
        context.json(Map.of("item", context.pathParam("item"), "state", state));
    }

    private void importLines(Context context) {
        Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        BeirLines lines = BeirLines.read(new StringReader(context.body()));
        Judgements.Taken taken = judgements.add(
                collection,
                lines,
                new Judgements.ImportOptions(
                        Objects.requireNonNullElse(context.queryParam("name"), "import"),
                        context.queryParam("tag"),
                        "true".equals(context.queryParam("frozen"))));
        context.json(taken);
    }

    /** What the caller may not see is left out. */
    private void export(Context context) {
        Caller reviewer = Callers.require(context, Role.REVIEW);
        Map<GradedPassage, String> labels = new LinkedHashMap<>();
        for (GradedPassage label : judgements.graded(Callers.collection(context, "collection"))) {
            visible(reviewer, label).ifPresent(text -> labels.put(label, text));
        }
        context.contentType("application/x-ndjson").result(BeirLines.of(labels).stream());
    }

    private Optional<String> visible(Caller reviewer, GradedPassage label) {
        if (label.importedText() != null) {
            return Optional.of(label.importedText());
        }
        return documents
                .of(label.document())
                .filter(standing -> standing.admits(reviewer.principals()))
                .flatMap(standing -> texts.text(label.place()));
    }
}
