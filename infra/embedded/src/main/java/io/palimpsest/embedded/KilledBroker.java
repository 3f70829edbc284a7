package io.palimpsest.embedded;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Time;

/**
 * What a killed broker leaves in the metadata log: it is registered there as alive and as leader of all its partitions.
 *
 * <p>A broker that starts on such a log believes it, loads its transaction coordinators, and then loses its partitions
 * for the moment of its own registration. A transaction marker due in that moment is dropped and yet counted as written
 * (KAFKA-20734, in 4.1 to 4.3): readers of committed records wait for it for ever. Markers would also go to the port of
 * the killed broker. So the registration is removed before the broker starts: its coordinators then load once, when all
 * partitions have their leader. Decision 0006; KilledBrokerIT.
 */
final class KilledBroker {
    /** Written by a broker that was closed, removed by one that has started. */
    private static final String CLOSED = ".kafka_cleanshutdown";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KilledBroker() {}

    /** Whether the last broker of this formatted directory was not closed. */
    static boolean left(Path dataDir) {
        return !Files.exists(dataDir.resolve(CLOSED));
    }

    /**
     * Runs the controller alone, for as long as this takes.
     *
     * @param controller configuration of the controller without its broker
     * @param endpoint {@code host:port} of that controller
     * @throws PalimpsestException BROKER_UNAVAILABLE when the controller does not come up
     */
    static void unregister(KafkaConfig controller, String endpoint, int nodeId) {
        KafkaRaftServer server = new KafkaRaftServer(controller, Time.SYSTEM);
        server.startup();
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!isUnregistered(endpoint, nodeId, end)) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        } finally {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    /** False while the controller, which does not know the version of its metadata yet, takes no clients. */
    private static boolean isUnregistered(String endpoint, int nodeId, long end) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG, endpoint))) {
            admin.unregisterBroker(nodeId).all().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BrokerIdNotRegisteredException) { // killed before it had registered
                return true;
            }
            if (e.getCause() instanceof UnsupportedVersionException && System.nanoTime() < end) {
                return false;
            }
            throw unavailable(e);
        } catch (TimeoutException e) {
            throw unavailable(e);
        }
    }

    private static PalimpsestException unavailable(Exception cause) {
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE, "the registration of a killed broker cannot be removed", cause);
    }
}
