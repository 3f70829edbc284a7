package io.palimpsest.ingest.http;

import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which collection a request is about, and whether its caller may use it. */
final class Access {
    /** Ids, titles and errors of documents are theirs to see; who only searches gets what the access lists admit. */
    private static final Set<Role> FOLLOW_CHANGES = Set.of(Role.PUBLISH, Role.OPERATE, Role.AUDIT);

    private Access() {}

    /** @throws PalimpsestException {@link ErrorCode#ROLE_MISSING} for a caller who may only search */
    static Caller followsChanges(Context context) {
        return Callers.requireAny(context, FOLLOW_CHANGES);
    }

    static boolean mayUse(Caller caller, @Nullable String collection) {
        try {
            return collection != null && caller.mayUse(new CollectionId(collection));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The query parameter {@code collection}; null when it is absent. */
    static @Nullable CollectionKey named(Context context) {
        Caller caller = Callers.of(context);
        String name = context.queryParam("collection");
        if (name == null) {
            return null;
        }
        if (!mayUse(caller, name)) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such collection for this key");
        }
        return new CollectionKey(caller.tenant(), new CollectionId(name));
    }

    /** The query parameter {@code collection}, or the default one. */
    static CollectionKey orDefault(Context context, String defaultCollection) {
        CollectionKey named = named(context);
        if (named != null) {
            return named;
        }
        Caller caller = Callers.of(context);
        if (!mayUse(caller, defaultCollection)) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "name a collection that this key may use");
        }
        return new CollectionKey(caller.tenant(), new CollectionId(defaultCollection));
    }
}
