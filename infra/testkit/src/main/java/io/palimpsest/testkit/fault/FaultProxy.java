package io.palimpsest.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands before a server, on a port that it keeps, and does to its connections what networks do.
 *
 * <p>Threading: safe.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int CHUNK = 4096;

    private final ServerSocket listening;
    private final AtomicLong requestBytes = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong responseBytes = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong cuts = new AtomicLong();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile String host;
    private volatile int port;
    private volatile boolean refusing;
    private volatile boolean stalled;
    private volatile long pauseNanos;

    public FaultProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Where the server is from now on: restarted, it may have another port. What leads to the one before breaks. */
    public void lead(String toHost, int toPort) {
        host = toHost;
        port = toPort;
        breakAll();
    }

    /** All connections break once, when so many bytes more were sent to the server. */
    public void cutRequestsAfter(long bytes) {
        requestBytes.set(bytes);
    }

    /** All connections break once, when so many bytes more came from the server. */
    public void cutResponsesAfter(long bytes) {
        responseBytes.set(bytes);
    }

    /** How many times connections were broken. */
    public long cuts() {
        return cuts.get();
    }

    /** As if no server were there. */
    public void refuse() {
        refusing = true;
        breakAll();
    }

    /** Connections stay, but nothing goes through. */
    public void stall() {
        stalled = true;
    }

    /** A pause before each 4 KiB, in both directions. */
    public void slow(long pauseMillis) {
        pauseNanos = pauseMillis * 1_000_000;
    }

    public void heal() {
        refusing = false;
        stalled = false;
        pauseNanos = 0;
        requestBytes.set(Long.MAX_VALUE);
        responseBytes.set(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakAll();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (refusing) {
                    client.close();
                } else {
                    join(client);
                }
            } catch (IOException e) {
                // closed: the loop ends
            }
        }
    }

    private void join(Socket client) {
        try {
            Socket server = new Socket(host, port);
            sockets.add(client);
            sockets.add(server);
            Thread.ofVirtual().start(() -> copy(client, server, requestBytes));
            Thread.ofVirtual().start(() -> copy(server, client, responseBytes));
        } catch (IOException e) {
            quietly(client); // the server is away: the client notices
        }
    }

    private void copy(Socket from, Socket to, AtomicLong left) {
        byte[] buffer = new byte[CHUNK];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hold();
                if (left.get() != Long.MAX_VALUE && left.addAndGet(-n) <= 0) {
                    cuts.incrementAndGet();
                    left.set(Long.MAX_VALUE);
                    breakAll();
                    return;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // broken: both sides are closed
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void hold() {
        if (pauseNanos > 0) {
            LockSupport.parkNanos(pauseNanos);
        }
        while (stalled && !listening.isClosed()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void breakAll() {
        sockets.forEach(FaultProxy::quietly);
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }
}
