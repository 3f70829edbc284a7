package io.palimpsest.ingest;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.fetch.FetchOutcome;
import io.palimpsest.ingest.fetch.Fetcher;
import io.palimpsest.ingest.fetch.Validators;
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
    public Answer fetch(URI uri, @Nullable Validators previous, Path into) {
        long begun = System.nanoTime();
        FetchOutcome outcome = fetcher.fetch(uri, previous, into);
        telemetry.time(Metric.FETCH_DURATION, Duration.ofNanos(System.nanoTime() - begun), name(outcome));
        return switch (outcome) {
            case FetchOutcome.Fetched fetched -> new Fetched(fetched.contentType(), fetched.validators());
            case FetchOutcome.NotModified unchanged -> new NotModified();
            case FetchOutcome.FetchFailed failed -> throw new PalimpsestException(failed.code(), failed.message());
        };
    }

    private static String name(FetchOutcome outcome) {
        return switch (outcome) {
            case FetchOutcome.Fetched fetched -> "fetched";
            case FetchOutcome.NotModified unchanged -> "unchanged";
            case FetchOutcome.FetchFailed failed -> "failed";
        };
    }
}
