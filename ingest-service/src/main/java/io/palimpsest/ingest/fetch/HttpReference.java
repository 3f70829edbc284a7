package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.fetch.FetchOutcome.NotModified;
import io.palimpsest.platform.security.TrustedServers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code http:} and {@code https:} references. Redirects are followed here, each under the same checks as the
 * reference itself.
 *
 * <p>Threading: any number of threads.
 */
final class HttpReference implements AutoCloseable {
    private static final Duration SETTLED = Duration.ofSeconds(2); // one second, and one for rounding

    private final FetchPolicy policy;
    private final CloseableHttpClient client;
    private final ScheduledExecutorService reaper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fetch-deadline").factory());

    /** @throws PalimpsestException CONFIG_INVALID where the policy's file of certificates cannot be read */
    HttpReference(FetchPolicy policy, CheckedResolver resolver) {
        this.policy = policy;
        Timeout connect = Timeout.of(policy.connectTimeout());
        Timeout total = Timeout.of(policy.totalTimeout());
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(total)
                        .build());
        policy.caFile()
                .map(TrustedServers::context)
                .map(DefaultClientTlsStrategy::new)
                .ifPresent(connections::setTlsSocketStrategy);
        this.client = HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(total)
                        .setConnectionRequestTimeout(total)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("palimpsest")
                .build();
    }

    FetchOutcome fetch(URI reference, @Nullable Validators previous, Path into, LimitedCopy copy, Deadline deadline)
            throws IOException {
        URI at = reference;
        for (int hop = 0; hop <= policy.maxRedirects(); hop++) {
            checkAllowed(at);
            deadline.check();
            Step step = get(at, previous, into, copy, deadline);
            if (step.outcome() != null) {
                return step.outcome();
            }
            at = next(at, step.location());
        }
        throw new RefusedException(
                ErrorCode.FETCH_TOO_MANY_REDIRECTS, "more than " + policy.maxRedirects() + " redirects");
    }

    @Override
    public void close() throws IOException {
        reaper.shutdownNow();
        client.close();
    }

    /** Either an outcome or where to go on. */
    private record Step(
            @Nullable FetchOutcome outcome, @Nullable String location) {}

    private Step get(URI at, @Nullable Validators previous, Path into, LimitedCopy copy, Deadline deadline)
            throws IOException {
        HttpGet request = new HttpGet(at);
        addConditions(request, previous);
        Future<?> abort = reaper.schedule(request::cancel, deadline.remainingMillis() + 1, TimeUnit.MILLISECONDS);
        try (ClassicHttpResponse response = client.executeOpen(null, request, null)) {
            try {
                return answer(at, response, previous, into, copy);
            } finally {
                // Before the close, which would else read an endless body to its end.
                request.cancel();
            }
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            if (isUntrusted(e)) {
                throw new RefusedException(
                        ErrorCode.REFERENCE_UNTRUSTED, "the certificate of " + at.getHost() + " is not trusted for it");
            }
            throw deadline.isOver() ? deadline.exceeded() : e;
        } finally {
            abort.cancel(false);
        }
    }

    private static Step answer(
            URI at, ClassicHttpResponse response, @Nullable Validators previous, Path into, LimitedCopy copy)
            throws IOException {
        int status = response.getCode();
        return switch (status) {
            case 301, 302, 303, 307, 308 -> new Step(null, header(response, HttpHeaders.LOCATION));
            case 304 -> {
                if (previous == null) {
                    throw new RefusedException(ErrorCode.FETCH_FAILED, at.getHost() + " answered 304 unasked");
                }
                yield new Step(new NotModified(), null);
            }
            default -> {
                checkStatus(at, status);
                yield new Step(body(response, into, copy), null);
            }
        };
    }

    /** Not trusted at all, or not for the name that was asked. */
    private static boolean isUntrusted(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static FetchOutcome body(ClassicHttpResponse response, Path into, LimitedCopy copy) throws IOException {
        Validators validators = validators(response);
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return copy.copy(InputStream.nullInputStream(), into, null, validators);
        }
        copy.checkAnnounced(entity.getContentLength());
        return copy.copy(entity.getContent(), into, entity.getContentType(), validators);
    }

    /** One of them, the better one: a time tells nothing about a content that may change again in the same second. */
    private static @Nullable Validators validators(ClassicHttpResponse response) {
        String etag = header(response, HttpHeaders.ETAG);
        if (etag != null) {
            return new Validators(etag, null);
        }
        Instant modified = DateUtils.parseStandardDate(response, HttpHeaders.LAST_MODIFIED);
        Instant now = DateUtils.parseStandardDate(response, HttpHeaders.DATE);
        // RFC 9110 section 8.8.2.2: the time of a content is good for comparing once it is a second old.
        boolean settled =
                modified != null && now != null && modified.plus(SETTLED).compareTo(now) <= 0;
        return settled ? new Validators(null, header(response, HttpHeaders.LAST_MODIFIED)) : null;
    }

    private static void checkStatus(URI at, int status) throws RefusedException {
        if (status >= 200 && status < 300 && status != 206) {
            return;
        }
        ErrorCode code = switch (status) {
            case 404, 410 -> ErrorCode.REFERENCE_NOT_FOUND;
            case 408, 425, 429 -> ErrorCode.FETCH_FAILED;
            default -> status >= 400 && status < 500 ? ErrorCode.REFERENCE_REFUSED : ErrorCode.FETCH_FAILED;
        };
        throw new RefusedException(code, at.getHost() + " answered " + status);
    }

    private void checkAllowed(URI at) throws RefusedException {
        String scheme = at.getScheme();
        if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
            throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "redirected to scheme " + scheme);
        }
        if (at.getHost() == null || at.getRawUserInfo() != null) {
            throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "a reference needs a host and no user");
        }
        if (!policy.allowsHost(at.getHost())) {
            throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "host " + at.getHost() + " is not allowed");
        }
    }

    private static URI next(URI at, @Nullable String location) throws RefusedException {
        if (location == null) {
            throw new RefusedException(ErrorCode.FETCH_FAILED, at.getHost() + " redirects to nowhere");
        }
        try {
            URI next = at.resolve(location);
            if ("https".equalsIgnoreCase(at.getScheme()) && "http".equalsIgnoreCase(next.getScheme())) {
                throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "redirected from https to http");
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.FETCH_FAILED, at.getHost() + " redirects to a malformed address");
        }
    }

    private static void addConditions(HttpGet request, @Nullable Validators previous) {
        if (previous != null && previous.etag() != null) {
            request.setHeader(HttpHeaders.IF_NONE_MATCH, previous.etag());
        }
        if (previous != null && previous.lastModified() != null) {
            request.setHeader(HttpHeaders.IF_MODIFIED_SINCE, previous.lastModified());
        }
    }

    private static @Nullable String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }
}
