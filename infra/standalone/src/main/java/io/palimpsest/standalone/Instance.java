package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.ServiceSettings;
import io.palimpsest.platform.config.ServiceSettings.Service;
import io.palimpsest.platform.lease.Lease;
import io.palimpsest.platform.lease.Leases;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * This process among its like: holds its name for each service it runs.
 *
 * <p>Failure: INSTANCE_TAKEN at the start where a living process has the name; later {@link #ended} completes, when this
 * process stood still for so long that another one took it.
 */
final class Instance {
    private static final String ALONE = "standalone";

    private final String name;
    private final Leases leases;
    private final CompletableFuture<PalimpsestException> ended = new CompletableFuture<>();

    Instance(String name, Leases leases) {
        this.name = name;
        this.leases = leases;
    }

    /** The name that the settings give, or the one that suits what is run. */
    static String name(ServiceSettings settings) {
        return settings.instance().orElseGet(() -> settings.isEverything() ? ALONE : host());
    }

    private static String host() {
        try {
            String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
            return name.substring(0, Math.min(100, name.length()));
        } catch (UnknownHostException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "this host does not know its own name: give instance.name", e);
        }
    }

    String name() {
        return name;
    }

    /** Completes when the name was lost. */
    CompletableFuture<PalimpsestException> ended() {
        return ended;
    }

    void hold(Service service) throws InterruptedException {
        hold(service, "");
    }

    /** Of a service that only one process may run. */
    void holdAlone(Service service) throws InterruptedException {
        String note = name;
        if (leases.take("service/" + service.word(), note, lost -> ended.complete(taken(service)))
                .isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.INSTANCE_TAKEN,
                    "another process runs the " + service.word() + " service, and one is all that there may be");
        }
    }

    /** @param index that the service writes: all instances need the same one */
    void holdIndex(String index) throws InterruptedException {
        hold(Service.INDEX, index);
        Optional<String> other = leases.differing(lease(Service.INDEX, ""), index);
        if (other.isPresent()) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "index.engine: another process (" + other.get()
                            + ") runs the index service on another index. More than"
                            + " one index service needs one that they share: set index.engine=weaviate, with the same"
                            + " address and prefix, for all of them");
        }
    }

    private void hold(Service service, String note) throws InterruptedException {
        Optional<Lease> lease = leases.take(lease(service, name), note, lost -> ended.complete(taken(service)));
        if (lease.isEmpty()) {
            throw taken(service);
        }
    }

    private PalimpsestException taken(Service service) {
        return new PalimpsestException(
                ErrorCode.INSTANCE_TAKEN,
                "another process runs the " + service.word() + " service under the name '" + name + "'");
    }

    private static String lease(Service service, String name) {
        return "service/" + service.word() + "/" + name;
    }
}
