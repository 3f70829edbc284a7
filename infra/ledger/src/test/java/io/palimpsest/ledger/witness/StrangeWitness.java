package io.palimpsest.ledger.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes connections, and does with them what it likes. */
final class StrangeWitness implements AutoCloseable {
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger connections = new AtomicInteger();

    interface Behaviour {
        void answer(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    StrangeWitness(Behaviour behaviour) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(behaviour));
    }

    /** Says nothing. */
    static StrangeWitness hanging() throws IOException {
        return new StrangeWitness((in, out) -> Thread.sleep(600_000));
    }

    /** Says what it has to say byte after byte, and without end. */
    static StrangeWitness dripping() throws IOException {
        return new StrangeWitness((in, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".getBytes(UTF_8));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(20);
            }
        });
    }

    /** Says more than anybody wants to hear. */
    static StrangeWitness flooding() throws IOException {
        return new StrangeWitness((in, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n".getBytes(UTF_8));
            while (true) {
                out.write(new byte[65_536]);
            }
        });
    }

    /** Gives always this answer, and closes. */
    static StrangeWitness saying(int status, String type, String body) throws IOException {
        return new StrangeWitness((in, out) -> {
            byte[] bytes = body.getBytes(UTF_8);
            in.readNBytes(20); // enough for a request to be under way
            out.write(("HTTP/1.1 " + status + " x\r\nContent-Type: " + type
                            + "\r\nConnection: close\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(UTF_8));
            out.write(bytes);
            out.flush();
            while (in.read() >= 0) {
                // until the other side closes: a reset could overtake the answer
            }
        });
    }

    URI prefix() {
        return URI.create("http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort() + "/");
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }

    private void accept(Behaviour behaviour) {
        while (true) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                threads.execute(() -> answer(connection, behaviour));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Socket connection, Behaviour behaviour) {
        try (connection) {
            behaviour.answer(connection.getInputStream(), connection.getOutputStream());
        } catch (IOException | InterruptedException e) {
            // The other side has hung up, or the test has ended.
        }
    }
}
