package io.palimpsest.index.http;

import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.index.search.SearchTarget;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;

/** The collection that a path names, in the caller's tenant; whether it exists is not told (law 7). */
final class Scope {
    private Scope() {}

    static CollectionKey collection(Context context, Caller caller) {
        return collection(context.pathParam("collection"), caller);
    }

    /** Other generations and models are for evaluations: what they give was not approved yet. */
    static void requireTarget(Caller caller, SearchTarget target) {
        if (target.isEvaluation() && !caller.has(Role.OPERATE)) {
            throw new PalimpsestException(
                    ErrorCode.ROLE_MISSING, "the options generation and model need the role " + Role.OPERATE);
        }
    }

    static CollectionKey collection(String name, Caller caller) {
        try {
            return new CollectionKey(caller.tenant(), new CollectionId(name));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, "collection: " + e.getMessage(), e);
        }
    }
}
