package io.palimpsest.platform.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who answers at an address. Asked before a client is made: the clients retry in silence, and one that speaks plaintext to
 * a TLS port takes the answer for the size of a message, of 352 MB.
 */
final class KafkaPort {
    private static final int TIMEOUT_MILLIS = 2_000;
    /** First byte of a TLS alert, which is how a TLS server answers to anything else (RFC 8446 §5.1). */
    private static final int TLS_ALERT = 0x15;
    /** ApiVersions, version 0, correlation id 1, no client id: what every broker answers before any log-in. */
    private static final byte[] QUESTION = ByteBuffer.allocate(14)
            .putInt(10)
            .putShort((short) 18)
            .putShort((short) 0)
            .putInt(1)
            .putShort((short) -1)
            .array();

    private KafkaPort() {}

    /** What answers. */
    enum Answer {
        /** Kafka, in plaintext; perhaps after a log-in (SASL_PLAINTEXT). */
        KAFKA,
        TLS,
        /** It listens, and says nothing that we know: a TLS server that hangs up, or no Kafka at all. */
        OTHER,
        NOT_LISTENING,
        NAME_UNKNOWN;

        boolean listens() {
            return this == KAFKA || this == TLS || this == OTHER;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** {@code host:port} as it was given, with what it said. */
    record Asked(String address, Answer answer) {
        @Override
        public String toString() {
            return address + " (" + answer + ")";
        }
    }

    /** In their order, up to the first that listens: the others may be down. */
    static List<Asked> ask(String bootstrapServers) {
        List<Asked> asked = new ArrayList<>();
        for (String address : bootstrapServers.split(",", -1)) {
            if (!address.isBlank()) {
                Asked one = new Asked(address.strip(), answer(address.strip()));
                asked.add(one);
                if (one.answer().listens()) {
                    break;
                }
            }
        }
        return asked;
    }

    private static Answer answer(String address) {
        int colon = address.lastIndexOf(':');
        try {
            String host = address.substring(0, Math.max(0, colon)).replaceAll("^.*://|[\\[\\]]", "");
            return ask(host, Integer.parseInt(address.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Answer.NAME_UNKNOWN; // not host:port
        }
    }

    static Answer ask(String host, int port) {
        InetSocketAddress at = new InetSocketAddress(host, port);
        if (at.isUnresolved()) {
            return Answer.NAME_UNKNOWN;
        }
        try (Socket socket = new Socket()) {
            socket.connect(at, TIMEOUT_MILLIS);
            return spokenTo(socket);
        } catch (IOException e) {
            return Answer.NOT_LISTENING;
        }
    }

    private static Answer spokenTo(Socket socket) {
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(QUESTION);
            InputStream in = socket.getInputStream();
            byte[] begin = in.readNBytes(8);
            if (begin.length > 0 && begin[0] == TLS_ALERT) {
                return Answer.TLS;
            }
            // Size, then our correlation id.
            return begin.length == 8 && ByteBuffer.wrap(begin).getInt(4) == 1 ? Answer.KAFKA : Answer.OTHER;
        } catch (SocketTimeoutException e) {
            return Answer.OTHER;
        } catch (IOException e) {
            return Answer.OTHER; // it hung up
        }
    }
}
