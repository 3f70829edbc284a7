package io.palimpsest.ingest.http;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.Receipt;
import io.palimpsest.platform.security.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A stream of events, one JSON event a line, answered line by line in order.
 *
 * <p>Ordering: lines are taken in order; events of one document keep theirs. Back-pressure: at most {@link #WINDOW}
 * events are on their way to the broker, and the body is read no further until the oldest has arrived.
 */
final class BulkChanges {
    static final int WINDOW = 256;

    private final ChangeIntake intake;
    private final EventParser parser;

    BulkChanges(ChangeIntake intake, EventParser parser) {
        this.intake = intake;
        this.parser = parser;
    }

    void run(Caller caller, LimitedBody body, OutputStream out) throws IOException {
        ArrayDeque<CompletableFuture<LineAnswer>> window = new ArrayDeque<>();
        long line = 0;
        boolean more = true;
        while (more) {
            line++;
            try {
                byte[] bytes = body.line();
                more = bytes != null;
                if (bytes != null && !isBlank(bytes)) {
                    window.add(take(caller, line, bytes));
                }
            } catch (PalimpsestException e) {
                window.add(CompletableFuture.completedFuture(LineAnswer.refused(line, e)));
            }
            while (!window.isEmpty()
                    && (window.size() >= WINDOW || window.peek().isDone())) {
                write(out, window.remove());
            }
        }
        while (!window.isEmpty()) {
            write(out, window.remove());
        }
        out.flush();
    }

    private CompletableFuture<LineAnswer> take(Caller caller, long line, byte[] event) {
        CompletableFuture<Receipt> receipt = intake.acceptAsync(caller, parser.parseJson(event), null);
        return receipt.handle((taken, failure) ->
                failure == null ? LineAnswer.taken(line, taken) : LineAnswer.refused(line, cause(failure)));
    }

    private static void write(OutputStream out, CompletableFuture<LineAnswer> answer) throws IOException {
        out.write(Json.write(answer.join()));
        out.write('\n');
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
