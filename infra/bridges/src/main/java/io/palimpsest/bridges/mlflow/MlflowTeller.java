package io.palimpsest.bridges.mlflow;

import io.palimpsest.bridges.BridgeState;
import io.palimpsest.bridges.LedgerFollower;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.config.MlflowSettings;
import io.palimpsest.platform.registry.RegistryTables;
import io.palimpsest.platform.registry.RunEvaluations;
import io.palimpsest.platform.registry.RunRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlflow.api.proto.Service.RunStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what ledger entries of runs and models mean in MLflow's words: a run is a run with its measures, a registered model a version of
 * its collection's model, and {@code champion} the one that is live.
 */
final class MlflowTeller implements LedgerFollower.Teller {
    /** Alias of the live one. */
    static final String CHAMPION = "champion";

    private static final Logger LOG = LoggerFactory.getLogger(MlflowTeller.class);

    private final MlflowServer server;
    private final MlflowSettings settings;
    private final RegistryTables tables;
    private final RunEvaluations evaluations;
    private final BridgeState state;

    MlflowTeller(
            MlflowServer server,
            MlflowSettings settings,
            RegistryTables tables,
            RunEvaluations evaluations,
            BridgeState state) {
        this.server = server;
        this.settings = settings;
        this.tables = tables;
        this.evaluations = evaluations;
        this.state = state;
    }

    /** What the server calls wrong is logged, counted and left out: it would hold up all that comes after it. */
    @Override
    public void tell(LedgerEntry entry) {
        try {
            if (isTold(entry)) {
                state.taken(1);
            }
        } catch (MlflowRefusal e) {
            state.refused();
            LOG.atError()
                    .addKeyValue("errorCode", ErrorCode.MLFLOW_UNAVAILABLE.id())
                    .log("{}: the entry {} of the ledger is left out", e.getMessage(), entry.entryId());
        }
    }

    private boolean isTold(LedgerEntry entry) {
        Optional<String> model = fact(entry, "model").filter(id -> !id.equals("none"));
        return switch (entry.type()) {
            case RUN_STARTED, RUN_ENDED ->
                run(entry).map(run -> told(run, entry)).isPresent();
            case MODEL_REGISTERED -> model.map(id -> version(entry, id)).isPresent();
            case GENERATION_LIVE -> model.map(id -> champion(entry, id)).isPresent();
            case MODEL_ROLLED_BACK -> model.map(id -> rolledBack(entry, id)).isPresent();
            default -> false;
        };
    }

    private Optional<RunRecord> run(LedgerEntry entry) {
        return fact(entry, "run").flatMap(tables::run).filter(run -> run.kind().equals(RunRecord.FINE_TUNE));
    }

    /** @return the server's id of it */
    private String told(RunRecord run, LedgerEntry entry) {
        String experiment = server.experiment(settings.experiment());
        String id = server.run(experiment, run.id())
                .orElseGet(() ->
                        server.createRun(experiment, run.id(), run.startedAt().toEpochMilli()));
        Instant endedAt = run.endedAt();
        if (endedAt == null) {
            server.log(
                    id, params(run), Map.of(), tags(run, entry), run.startedAt().toEpochMilli());
            return id;
        }
        server.log(id, params(run), metrics(run), tags(run, entry), endedAt.toEpochMilli());
        server.end(id, status(run), endedAt.toEpochMilli());
        return id;
    }

    private static RunStatus status(RunRecord run) {
        return switch (String.valueOf(run.outcome())) {
            case "FAILED" -> RunStatus.FAILED;
            case "CANCELLED" -> RunStatus.KILLED;
            default -> RunStatus.FINISHED;
        };
    }

    private static Map<String, String> params(RunRecord run) {
        Map<String, String> params = new TreeMap<>();
        params.put("collection", run.collection().toString());
        for (String name : new String[] {"trainer", "seed", "labels"}) {
            Optional.ofNullable(run.request().get(name)).ifPresent(value -> params.put(name, value.asText()));
        }
        return params;
    }

    private Map<String, Double> metrics(RunRecord run) {
        Map<String, Double> metrics = new TreeMap<>();
        evaluations.of(run.id()).ifPresent(found -> {
            found.measures().forEach(measured -> {
                String name = measured.measure() + "." + measured.slice();
                metrics.put(name, measured.candidate());
                metrics.put(name + ".serving", measured.serving());
                metrics.put(name + ".gain", measured.gain());
                metrics.put(name + ".gain_low", measured.low());
                metrics.put(name + ".gain_high", measured.high());
                metrics.put("queries." + measured.slice(), (double) measured.queries());
            });
            metrics.put("search_p95_millis", found.candidateP95Millis());
            metrics.put("search_p95_millis.serving", found.servingP95Millis());
        });
        return metrics;
    }

    private Map<String, String> tags(RunRecord run, LedgerEntry entry) {
        Map<String, String> tags = new TreeMap<>(ledger(entry));
        run.snapshot().ifPresent(hash -> tags.put("palimpsest.training_set", hash));
        run.candidate().ifPresent(model -> tags.put(MlflowServer.MODEL_TAG, model));
        Optional.ofNullable(run.outcome()).ifPresent(outcome -> tags.put("palimpsest.outcome", outcome));
        return tags;
    }

    /** Where the ledger says so; the position only where it is sequenced by now, which the id finds later too. */
    private Map<String, String> ledger(LedgerEntry entry) {
        Map<String, String> tags = new TreeMap<>(Map.of("palimpsest.ledger.entry", entry.entryId()));
        tables.ledgerIndex(entry.entryId())
                .ifPresent(index -> tags.put("palimpsest.ledger.index", Long.toString(index)));
        return tags;
    }

    /** The version's number; made, and the model too, where it is missing. */
    private String version(LedgerEntry entry, String model) {
        String name = name(entry);
        if (!server.hasModel(name)) {
            server.createModel(name, "Models that searches of this collection use, or used.");
        }
        return server.version(name, model).orElseGet(() -> server.createVersion(name, newVersion(entry, model)));
    }

    private Map<String, Object> newVersion(LedgerEntry entry, String model) {
        Map<String, String> tags = new TreeMap<>(ledger(entry));
        tags.put(MlflowServer.MODEL_TAG, model);
        Map<String, Object> version = new TreeMap<>();
        run(entry).ifPresent(run -> {
            version.put("run_id", told(run, entry));
            run.snapshot().ifPresent(hash -> tags.put("palimpsest.training_set", hash));
            tags.put(MlflowServer.RUN_TAG, run.id());
        });
        version.put("source", "palimpsest://models/" + model);
        version.put(
                "tags",
                tags.entrySet().stream()
                        .map(tag -> Map.of("key", tag.getKey(), "value", tag.getValue()))
                        .toList());
        return version;
    }

    private String champion(LedgerEntry entry, String model) {
        String version = version(entry, model);
        server.alias(name(entry), CHAMPION, version);
        return version;
    }

    private String rolledBack(LedgerEntry entry, String model) {
        String version = version(entry, model);
        server.tagVersion(
                name(entry), version, "palimpsest.rolled_back_at", entry.at().toString());
        return version;
    }

    /** Slashes and colons are not for names of MLflow's models. */
    private String name(LedgerEntry entry) {
        String collection =
                entry.collection() == null ? "none" : entry.collection().value();
        return (settings.prefix() + "." + entry.tenant().value() + "." + collection).replaceAll("[/:]", "_");
    }

    private static Optional<String> fact(LedgerEntry entry, String name) {
        return Optional.ofNullable(entry.facts().get(name));
    }
}
