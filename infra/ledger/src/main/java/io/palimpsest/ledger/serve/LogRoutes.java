package io.palimpsest.ledger.serve;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Tile;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code GET /log/checkpoint} and {@code GET /log/tile/…} (C2SP tlog-tiles), for anybody: entries name nobody. The prefix that
 * clients are given is {@code …/log/}.
 */
public final class LogRoutes implements Routes {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String FOR_A_MOMENT = "public, max-age=1";

    private final TransparencyLog log;
    private final Supplier<Optional<SignedNote>> checkpoint;

    /** @param checkpoint the one that is served, where there is one yet */
    public LogRoutes(TransparencyLog log, Supplier<Optional<SignedNote>> checkpoint) {
        this.log = log;
        this.checkpoint = checkpoint;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(
                "/log/checkpoint",
                context -> context.contentType("text/plain; charset=utf-8")
                        .header("Cache-Control", FOR_A_MOMENT)
                        .result(checkpoint
                                .get()
                                .orElseThrow(() -> none("checkpoint that witnesses have cosigned"))
                                .bytes()));
        routes.get("/log/tile/<tile>", this::tile);
    }

    private void tile(Context context) {
        String path = "tile/" + context.pathParam("tile");
        Tile tile = Tile.parse(path).orElseThrow(() -> none(path));
        try {
            byte[] bytes = log.read(tile);
            context.contentType("application/octet-stream")
                    .header("Cache-Control", FOR_EVER)
                    .result(bytes);
        } catch (IllegalArgumentException e) {
            throw none(path);
        }
    }

    private static PalimpsestException none(String path) {
        return new PalimpsestException(ErrorCode.NOT_FOUND, "the log has no " + path);
    }
}
