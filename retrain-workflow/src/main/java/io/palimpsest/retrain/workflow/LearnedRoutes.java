package io.palimpsest.retrain.workflow;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Role;
import java.util.List;

/** {@code GET /v1/collections/{collection}/learned?document=}: training sets and models that learned from a document. Role AUDIT. */
public final class LearnedRoutes implements Routes {
    private final Learned learned;

    public LearnedRoutes(Sql sql) {
        this.learned = new Learned(sql);
    }

    private record Answer(List<Learned.Set> snapshots) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/collections/{collection}/learned", this::learned);
    }

    private void learned(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        String document = context.queryParam("document");
        if (document == null || document.isBlank()) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "give the document as ?document=URI");
        }
        context.json(new Answer(learned.from(collection, new DocumentId(document))));
    }
}
