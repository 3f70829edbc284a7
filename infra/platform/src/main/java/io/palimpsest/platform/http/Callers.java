package io.palimpsest.platform.http;

import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.util.Set;

/** Who is behind a request, and what they may do. */
public final class Callers {
    private static final String ATTRIBUTE = "palimpsest.caller";

    private Callers() {}

    /** @throws PalimpsestException {@link ErrorCode#KEY_UNKNOWN} outside of {@code /v1/} */
    public static Caller of(Context context) {
        Caller caller = context.attribute(ATTRIBUTE);
        if (caller == null) {
            throw new PalimpsestException(ErrorCode.KEY_UNKNOWN, "the request has no known key");
        }
        return caller;
    }

    /** @throws PalimpsestException {@link ErrorCode#ROLE_MISSING} */
    public static Caller require(Context context, Role role) {
        Caller caller = of(context);
        if (!caller.has(role)) {
            throw new PalimpsestException(ErrorCode.ROLE_MISSING, "this call needs the role " + role);
        }
        return caller;
    }

    /** @throws PalimpsestException {@link ErrorCode#ROLE_MISSING} for a caller who has none of them */
    public static Caller requireAny(Context context, Set<Role> roles) {
        Caller caller = of(context);
        if (roles.stream().noneMatch(caller::has)) {
            throw new PalimpsestException(ErrorCode.ROLE_MISSING, "this call needs one of the roles " + roles);
        }
        return caller;
    }

    /**
     * The collection of a path parameter, in the caller's tenant.
     *
     * @throws PalimpsestException {@link ErrorCode#NOT_FOUND} where the caller may not use it: no key learns what exists
     */
    public static CollectionKey collection(Context context, String pathParameter) {
        Caller caller = of(context);
        String name = context.pathParam(pathParameter);
        try {
            CollectionId collection = new CollectionId(name);
            if (caller.mayUse(collection)) {
                return new CollectionKey(caller.tenant(), collection);
            }
        } catch (IllegalArgumentException e) {
            // Not a name: there is nothing under it.
        }
        throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such collection for this key");
    }

    static void set(Context context, Caller caller) {
        context.attribute(ATTRIBUTE, caller);
    }
}
