package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host once per connection and hands out only checked addresses, to which the client then connects: a name
 * that changes its answer between check and use gains nothing.
 */
final class CheckedResolver implements DnsResolver {
    private final Lookup lookup;
    private final Predicate<InetAddress> allowed;

    CheckedResolver(Lookup lookup, Predicate<InetAddress> allowed) {
        this.lookup = lookup;
        this.allowed = allowed;
    }

    /** Where addresses come from. */
    interface Lookup {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addressesOf(host);
        if (addresses.length == 0) {
            throw new UnknownHostException("no address for " + host);
        }
        if (!Arrays.stream(addresses).allMatch(allowed)) {
            IOException refused =
                    new RefusedException(ErrorCode.REFERENCE_PRIVATE_ADDRESS, host + " is not at a public address");
            throw new UncheckedIOException(refused);
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
