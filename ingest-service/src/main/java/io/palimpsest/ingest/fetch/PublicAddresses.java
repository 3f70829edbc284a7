package io.palimpsest.ingest.fetch;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Tells addresses of the public internet from those of this machine, its networks and special purposes (RFC 6890). */
final class PublicAddresses {
    private PublicAddresses() {}

    static boolean contains(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address v4 -> isPublicV4(bytes);
            case Inet6Address v6 -> isPublicV6(bytes);
            default -> false;
        };
    }

    private static boolean isPublicV4(byte[] address) {
        int a = address[0] & 0xFF;
        int b = address[1] & 0xFF;
        int c = address[2] & 0xFF;
        boolean sharedOrPrivate = a == 0
                || a == 10
                || a == 127
                || (a == 100 && b >= 64 && b < 128) // carrier-grade NAT
                || (a == 169 && b == 254) // link-local, and the metadata services of clouds
                || (a == 172 && b >= 16 && b < 32)
                || (a == 192 && b == 168);
        boolean special = (a == 192 && b == 0 && (c == 0 || c == 2)) // protocol assignments, documentation
                || (a == 192 && b == 88 && c == 99) // 6to4 relays
                || (a == 198 && (b == 18 || b == 19)) // benchmarks
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113)
                || a >= 224; // multicast, reserved, broadcast
        return !sharedOrPrivate && !special;
    }

    private static boolean isPublicV6(byte[] address) {
        if ((address[0] & 0xFE) == 0xFC) { // unique local
            return false;
        }
        if (startsWith(address, 0, 0x00, 0x64, 0xFF, 0x9B)) { // NAT64: what counts is the IPv4 address inside
            return isPublicInside(address, 12);
        }
        if (startsWith(address, 0, 0x20, 0x02)) { // 6to4
            return isPublicInside(address, 2);
        }
        boolean globalUnicast = (address[0] & 0xE0) == 0x20;
        boolean special = startsWith(address, 0, 0x20, 0x01, 0x00, 0x00) // Teredo
                || startsWith(address, 0, 0x20, 0x01, 0x0D, 0xB8); // documentation
        return globalUnicast && !special;
    }

    private static boolean isPublicInside(byte[] address, int from) {
        try {
            return contains(InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }

    private static boolean startsWith(byte[] address, int from, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if ((address[from + i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
