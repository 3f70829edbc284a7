package io.palimpsest.embedded;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and controller (KRaft, combined mode) in this JVM, on loopback only, its log under a directory that is
 * formatted on first start. A restart after {@code kill -9} recovers by itself.
 *
 * <p><b>Failure:</b> a fatal fault of the broker ends the whole JVM, so the ports are probed before the start.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final String HOST = "127.0.0.1";
    private static final int NODE_ID = 1;
    /** Written by the formatter. */
    private static final String FORMATTED = "meta.properties";

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts the broker and returns when it accepts connections.
     *
     * @param dataDir its log directory; made when absent
     * @param port broker port on 127.0.0.1; 0 picks a free one
     * @throws PalimpsestException PORT_TAKEN when another process listens on the port
     */
    public static EmbeddedKafka start(Path dataDir, int port) {
        int brokerPort = probe(port);
        int controllerPort = controllerPort(brokerPort);
        if (!format(dataDir) && KilledBroker.left(dataDir)) {
            KilledBroker.unregister(
                    KafkaConfig.fromProps(controller(dataDir, controllerPort), false),
                    HOST + ":" + controllerPort,
                    NODE_ID);
        }
        KafkaRaftServer server = new KafkaRaftServer(
                KafkaConfig.fromProps(broker(dataDir, brokerPort, controllerPort), false), Time.SYSTEM);
        server.startup();
        LOG.atInfo().log("embedded broker listens on {}:{}", HOST, brokerPort);
        return new EmbeddedKafka(server, brokerPort);
    }

    /** A probed port is free again until it is bound: the next probe may give the same. */
    private static int controllerPort(int brokerPort) {
        int port = probe(0);
        while (port == brokerPort) {
            port = probe(0);
        }
        return port;
    }

    /** {@code host:port}, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Stops the broker and waits until its log is closed. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static Properties controller(Path dataDir, int port) {
        Properties p = new Properties();
        p.setProperty("process.roles", "controller");
        p.setProperty("node.id", Integer.toString(NODE_ID));
        p.setProperty("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + port);
        p.setProperty("listeners", "CONTROLLER://" + HOST + ":" + port);
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("log.dirs", dataDir.toAbsolutePath().toString());
        return p;
    }

    private static Properties broker(Path dataDir, int port, int controllerPort) {
        Properties p = controller(dataDir, controllerPort);
        String listener = "PLAINTEXT://" + HOST + ":" + port;
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("listeners", listener + "," + p.getProperty("listeners"));
        p.setProperty("advertised.listeners", listener);
        p.setProperty("auto.create.topics.enable", "false");
        singleNode(p);
        small(p);
        return p;
    }

    private static void singleNode(Properties p) {
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("group.streams.initial.rebalance.delay.ms", "0");
        p.setProperty("group.streams.min.session.timeout.ms", "6000");
        p.setProperty("group.streams.session.timeout.ms", "6000");
        // A member has its tasks after two or three heartbeats: that is most of what a start waits for.
        p.setProperty("group.streams.min.heartbeat.interval.ms", "200");
        p.setProperty("group.streams.heartbeat.interval.ms", "200");
        p.setProperty("group.consumer.heartbeat.interval.ms", "1000");
        p.setProperty("group.consumer.min.heartbeat.interval.ms", "500");
        p.setProperty("group.share.heartbeat.interval.ms", "1000");
        p.setProperty("group.share.min.heartbeat.interval.ms", "500");
        // A share group whose state could not be read at a restart is tried again then; the default is 30 s.
        p.setProperty("group.share.initialize.retry.interval.ms", "2000");
        // There is nobody to take over: a pause must not cost the partitions their leader.
        p.setProperty("broker.session.timeout.ms", "600000");
        p.setProperty("broker.heartbeat.interval.ms", "500");
        // A killed client's open transaction blocks read-committed consumers until it is aborted.
        p.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    /** Footprint: one JVM shares heap, threads and disk with the services. */
    private static void small(Properties p) {
        p.setProperty("offsets.topic.num.partitions", "4");
        p.setProperty("transaction.state.log.num.partitions", "4");
        p.setProperty("share.coordinator.state.topic.num.partitions", "4");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "4");
        p.setProperty("num.replica.fetchers", "1");
        p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
        p.setProperty("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
        p.setProperty("offsets.topic.segment.bytes", Integer.toString(4 * 1024 * 1024));
        p.setProperty("transaction.state.log.segment.bytes", Integer.toString(4 * 1024 * 1024));
        p.setProperty("share.coordinator.state.topic.segment.bytes", Integer.toString(4 * 1024 * 1024));
        p.setProperty("log.index.size.max.bytes", Integer.toString(1024 * 1024));
    }

    /** @return whether there was anything to do */
    private static boolean format(Path dataDir) {
        if (Files.exists(dataDir.resolve(FORMATTED))) {
            return false;
        }
        try {
            Files.createDirectories(dataDir);
            new Formatter()
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(dataDir.toAbsolutePath().toString())
                    .setMetadataLogDirectory(dataDir.toAbsolutePath().toString())
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
            return true;
        } catch (Exception e) {
            throw new PalimpsestException(
                    ErrorCode.BROKER_UNAVAILABLE, "the broker's directory cannot be formatted: " + dataDir, e);
        }
    }

    /** Binds and releases the port; a socket in TIME_WAIT of our own last run is no obstacle, a few tries bridge it. */
    private static int probe(int port) {
        IOException last = null;
        for (int attempt = 0; attempt < 10; attempt++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
                pause();
            }
        }
        throw new PalimpsestException(
                ErrorCode.PORT_TAKEN, "port " + port + " on " + HOST + " is taken by another process", last);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
