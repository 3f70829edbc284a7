package io.palimpsest.ingest.http;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.platform.security.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A stream of events, one JSON event a line, answered line by line in order.
 *
 * <p>Ordering: lines are taken in order; events of one document keep theirs. Back-pressure: at most {@link #WINDOW}
 * events are on their way to the broker, and the body is read no further until the oldest has arrived. A sender that
 * pauses has the answers to all that it sent.
 */
final class BulkChanges {
    static final int WINDOW = 256;
    /** So long an answer is waited for before the body is looked at again; arbitrary. */
    private static final long LOOK_AGAIN_MS = 10;

    private final ChangeIntake intake;
    private final EventParser parser;

    BulkChanges(ChangeIntake intake, EventParser parser) {
        this.intake = intake;
        this.parser = parser;
    }

    void run(Caller caller, LimitedBody body, OutputStream out) throws IOException {
        Answers answers = new Answers(out);
        long line = 0;
        boolean more = true;
        while (more) {
            line++;
            answers.giveWhilePaused(body);
            try {
                byte[] bytes = body.line();
                more = bytes != null;
                if (bytes != null && !isBlank(bytes)) {
                    answers.add(take(caller, line, bytes));
                }
            } catch (PalimpsestException e) {
                answers.add(CompletableFuture.completedFuture(LineAnswer.refused(line, e)));
            }
        }
        answers.giveAll();
    }

    private CompletableFuture<LineAnswer> take(Caller caller, long line, byte[] event) {
        return LineAnswer.of(line, intake.acceptAsync(caller, parser.parseJson(event), null));
    }

    /** Answers in the order of their lines, each given once those before it are. One thread. */
    private static final class Answers {
        private final OutputStream out;
        private final ArrayDeque<CompletableFuture<LineAnswer>> window = new ArrayDeque<>();
        private boolean unflushed;

        Answers(OutputStream out) {
            this.out = out;
        }

        /** Waits for the oldest where the window is full. */
        void add(CompletableFuture<LineAnswer> answer) throws IOException {
            window.add(answer);
            while (!window.isEmpty()
                    && (window.size() >= WINDOW || window.element().isDone())) {
                give();
            }
        }

        /** Returns when there is something to read, or every answer has left this process. */
        void giveWhilePaused(LimitedBody body) throws IOException {
            while (!body.isReady()) {
                if (window.isEmpty()) {
                    flush();
                    return;
                }
                if (arrives(window.element())) {
                    give();
                }
            }
        }

        void giveAll() throws IOException {
            while (!window.isEmpty()) {
                give();
            }
            flush();
        }

        private void give() throws IOException {
            out.write(Json.write(window.remove().join()));
            out.write('\n');
            unflushed = true;
        }

        private void flush() throws IOException {
            if (unflushed) {
                out.flush();
                unflushed = false;
            }
        }

        private static boolean arrives(CompletableFuture<LineAnswer> answer) {
            try {
                LineAnswer unused = answer.get(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true; // the join that follows waits all the same
            } catch (ExecutionException e) {
                return true;
            }
        }
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
