package io.palimpsest.ingest;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.fetch.FetchOutcome;
import io.palimpsest.ingest.fetch.Fetcher;
import io.palimpsest.ingest.work.Fetching;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The fetcher as the workers want it: timed, failures as exceptions. */
record FetcherAdapter(Fetcher fetcher, Telemetry telemetry) implements Fetching {
    @Override
    public Fetched fetch(URI uri, Path into) {
        long begun = System.nanoTime();
        FetchOutcome outcome = fetcher.fetch(uri, null, into);
        String name = outcome instanceof FetchOutcome.Fetched ? "fetched" : "failed";
        telemetry.time(Metric.FETCH_DURATION, Duration.ofNanos(System.nanoTime() - begun), name);
        return switch (outcome) {
            case FetchOutcome.Fetched fetched -> new Fetched(fetched.contentType(), fileName(uri));
            case FetchOutcome.FetchFailed failed -> throw new PalimpsestException(failed.code(), failed.message());
            case FetchOutcome.NotModified() ->
                throw new PalimpsestException(
                        ErrorCode.FETCH_FAILED, "the server says 'not modified' to an unconditional request");
        };
    }

    private static @Nullable String fileName(URI uri) {
        String path = uri.getPath();
        if (path == null) {
            return null;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.contains(".") ? last : null;
    }
}
