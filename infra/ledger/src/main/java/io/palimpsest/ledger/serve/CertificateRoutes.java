package io.palimpsest.ledger.serve;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.erase.Certificates;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.util.Set;

/** {@code GET /v1/erasures/{erasure}/certificate}. Role AUDIT or OPERATE. */
public final class CertificateRoutes implements Routes {
    private final Erasures erasures;
    private final Certificates certificates;

    public CertificateRoutes(Erasures erasures, Certificates certificates) {
        this.erasures = erasures;
        this.certificates = certificates;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/erasures/{erasure}/certificate", this::certificate);
    }

    private void certificate(Context context) {
        Caller caller = Callers.requireAny(context, Set.of(Role.AUDIT, Role.OPERATE));
        String id = context.pathParam("erasure");
        Erasures.Erasure erasure = erasures.find(id)
                .filter(found -> caller.mayUse(found.collection()))
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such erasure for this key"));
        context.contentType("text/plain; charset=utf-8")
                .header("Content-Disposition", "attachment; filename=\"" + id + ".erasure-certificate\"")
                .result(certificates.of(erasure).bytes());
    }
}
