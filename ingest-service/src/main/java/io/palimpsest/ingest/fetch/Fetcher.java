package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.fetch.FetchOutcome.FetchFailed;
import io.palimpsest.ingest.fetch.FetchOutcome.Fetched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a change event refers to, from allowed folders and hosts only.
 *
 * <p>Threading: any number of threads.
 *
 * <p>Failure: never throws for a reference; a failed fetch leaves no file behind.
 */
public final class Fetcher implements AutoCloseable {
    private final FetchPolicy policy;
    private final FileReference files;
    private final HttpReference http;
    private final @Nullable S3Reference objects;

    public Fetcher(FetchPolicy policy) {
        this(policy, null);
    }

    /** @param objects of watched buckets; null where none is watched */
    public Fetcher(FetchPolicy policy, @Nullable S3Reference objects) {
        this(
                policy,
                objects,
                InetAddress::getAllByName,
                address -> policy.allowPrivateAddresses() || PublicAddresses.contains(address));
    }

    Fetcher(FetchPolicy policy, CheckedResolver.Lookup lookup, Predicate<InetAddress> allowed) {
        this(policy, null, lookup, allowed);
    }

    private Fetcher(
            FetchPolicy policy,
            @Nullable S3Reference objects,
            CheckedResolver.Lookup lookup,
            Predicate<InetAddress> allowed) {
        this.policy = policy;
        this.objects = objects;
        this.files = new FileReference(policy.allowedRoots());
        this.http = new HttpReference(policy, new CheckedResolver(lookup, allowed));
    }

    /**
     * @param previous from the last fetch of the same reference, to ask whether it changed; null fetches in any case
     * @param into file that the bytes are written to, in a private directory; replaced where it exists
     */
    public FetchOutcome fetch(URI reference, @Nullable Validators previous, Path into) {
        FetchOutcome outcome = attempt(reference, previous, into);
        if (!(outcome instanceof Fetched)) {
            deleteQuietly(into);
        }
        return outcome;
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FetchOutcome attempt(URI reference, @Nullable Validators previous, Path into) {
        Deadline deadline = Deadline.in(policy.totalTimeout());
        LimitedCopy copy = new LimitedCopy(policy.maxBytes(), deadline);
        String scheme = String.valueOf(reference.getScheme()).toLowerCase(Locale.ROOT);
        try {
            return switch (scheme) {
                case "file" -> files.fetch(reference, into, copy);
                case "http", "https" -> http.fetch(reference, previous, into, copy, deadline);
                case "s3" ->
                    objects == null
                            ? new FetchFailed(ErrorCode.REFERENCE_NOT_ALLOWED, "s3.source.buckets names no bucket")
                            : objects.fetch(reference, previous, into, copy);
                default -> new FetchFailed(ErrorCode.REFERENCE_NOT_ALLOWED, "scheme " + scheme + " is not allowed");
            };
        } catch (RefusedException e) {
            return e.outcome();
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof RefusedException refused ? refused.outcome() : failed(e);
        } catch (IOException e) {
            return failed(e);
        }
    }

    /** The class says what happened; its message may hold a path or an address. */
    private static FetchFailed failed(Exception e) {
        return new FetchFailed(ErrorCode.FETCH_FAILED, e.getClass().getSimpleName());
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
