package io.palimpsest.standalone;

import io.palimpsest.platform.retry.Condition;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A story on the terminal: chapters, lines with the minutes since it began, and waiting for what comes next. */
final class Telling {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final PrintWriter out;
    private final long started = System.nanoTime();

    Telling(PrintWriter out) {
        this.out = out;
    }

    void chapter(String title, Object... arguments) {
        line("%n== " + title, arguments);
    }

    void say(String words, Object... arguments) {
        long seconds = (System.nanoTime() - started) / 1_000_000_000;
        line("[%2d:%02d] ".formatted(seconds / 60, seconds % 60) + words, arguments);
    }

    void end() {
        line("%nIt took %.1f minutes.", (System.nanoTime() - started) / 60e9);
    }

    private void line(String words, Object... arguments) {
        out.printf(Locale.ROOT, words + "%n", arguments);
        out.flush();
    }

    /** @throws ApiClient.CallFailed if it does not come in time */
    static <T> T until(long seconds, String what, Supplier<Optional<T>> look) throws InterruptedException {
        AtomicReference<Optional<T>> found = new AtomicReference<>(Optional.empty());
        Condition<RuntimeException> came = () -> {
            found.set(look.get());
            return found.get().isPresent();
        };
        if (!Condition.await(came, Duration.ofSeconds(seconds), PAUSE)) {
            throw new ApiClient.CallFailed(
                    "waited " + seconds + " s for " + what + ", and it did not come; the log says more");
        }
        return found.get().orElseThrow();
    }
}
