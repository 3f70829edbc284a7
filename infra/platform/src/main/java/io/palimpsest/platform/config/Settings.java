package io.palimpsest.platform.config;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topics;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;

/**
 * Every setting, one record per concern.
 *
 * @param effective every key with the value in force, for comparison and display; secrets and what is passed through to
 *     the Kafka clients (it may hold secrets) are masked
 * <p>Failure: {@link ErrorCode#CONFIG_INVALID} naming every wrong setting at once.
 */
public record Settings(
        Path dataDir,
        ServiceSettings services,
        KafkaSettings kafka,
        TemporalSettings temporal,
        DatabaseSettings database,
        HttpSettings http,
        ContentSettings content,
        IntakeSettings intake,
        FolderSettings folder,
        S3SourceSettings s3Source,
        DebeziumSourceSettings debezium,
        FetchSettings fetch,
        ExtractSettings extract,
        GateSettings gate,
        EmbedSettings embed,
        IndexSettings index,
        GenerationSettings generation,
        SearchSettings search,
        AnswerSettings answer,
        FeedbackSettings feedback,
        JudgementSettings judgement,
        TuneSettings tune,
        PromotionSettings promotion,
        DriftSettings drift,
        RetrainSettings retrain,
        CostSettings cost,
        ReconcileSettings reconcile,
        LedgerSettings ledger,
        LineageSettings lineage,
        MlflowSettings mlflow,
        TelemetrySettings telemetry,
        Map<String, String> effective) {
    private static final String MASKED = "***";

    private static final List<String> ADDRESSES = List.of(
            "content.s3.endpoint",
            "embed.endpoint",
            "s3.source.endpoint",
            "search.rerank.endpoint",
            "answer.endpoint",
            "tune.endpoint",
            "lineage.url",
            "mlflow.uri",
            "reconcile.ingest.address",
            "ledger.address",
            "ledger.export.s3.endpoint",
            "telemetry.otlp.endpoint");

    public Settings {
        effective = Map.copyOf(effective);
    }

    /** Everything by default, under the given data directory. */
    public static Settings defaults(Path dataDir) {
        return load(Map.of("data.dir", dataDir.toString()));
    }

    public static Settings load(Map<String, String> given) {
        ConfigDef def = definition();
        Map<String, String> own = new HashMap<>();
        Map<String, String> passedThrough = new HashMap<>();
        List<String> errors = new ArrayList<>();
        new TreeMap<>(given).forEach((key, value) -> {
            if (key.startsWith(KafkaSettings.CLIENT_PREFIX)) {
                passedThrough.put(key.substring(KafkaSettings.CLIENT_PREFIX.length()), value);
            } else if (def.names().contains(key)) {
                own.put(key, value);
            } else {
                errors.add(key + ": no such setting; did you mean " + NearestName.of(key, def.names()) + "?");
            }
        });
        for (ConfigValue value : def.validate(own)) {
            errors.addAll(value.errorMessages());
        }
        if (errors.isEmpty()) {
            Values values = new Values(def.parse(own));
            errors.addAll(relations(values));
            if (errors.isEmpty()) {
                return of(values, passedThrough);
            }
        }
        throw new PalimpsestException(
                ErrorCode.CONFIG_INVALID,
                errors.size() + (errors.size() == 1 ? " setting is" : " settings are") + " wrong:\n  - "
                        + String.join("\n  - ", errors));
    }

    /** All keys, in order of their groups. */
    static ConfigDef definition() {
        Definition definition = new Definition()
                .group("Files")
                .text("data.dir", "palimpsest-data", "Folder of everything that is kept.");
        ServiceSettings.define(definition);
        KafkaSettings.define(definition);
        TemporalSettings.define(definition);
        DatabaseSettings.define(definition);
        HttpSettings.define(definition);
        ContentSettings.define(definition);
        IntakeSettings.define(definition);
        FolderSettings.define(definition);
        S3SourceSettings.define(definition);
        DebeziumSourceSettings.define(definition);
        FetchSettings.define(definition);
        ExtractSettings.define(definition);
        GateSettings.define(definition);
        EmbedSettings.define(definition);
        IndexSettings.define(definition);
        GenerationSettings.define(definition);
        SearchSettings.define(definition);
        AnswerSettings.define(definition);
        FeedbackSettings.define(definition);
        JudgementSettings.define(definition);
        TuneSettings.define(definition);
        PromotionSettings.define(definition);
        DriftSettings.define(definition);
        RetrainSettings.define(definition);
        CostSettings.define(definition);
        ReconcileSettings.define(definition);
        LedgerSettings.define(definition);
        LineageSettings.define(definition);
        MlflowSettings.define(definition);
        TelemetrySettings.define(definition);
        return definition.def();
    }

    private static Settings of(Values values, Map<String, String> passedThrough) {
        Path dataDir = Path.of(values.text("data.dir"));
        return new Settings(
                dataDir,
                ServiceSettings.of(values),
                KafkaSettings.of(values).with(passedThrough),
                TemporalSettings.of(values),
                DatabaseSettings.of(values, dataDir),
                HttpSettings.of(values),
                ContentSettings.of(values, dataDir),
                IntakeSettings.of(values),
                FolderSettings.of(values),
                S3SourceSettings.of(values),
                DebeziumSourceSettings.of(values),
                FetchSettings.of(values),
                ExtractSettings.of(values),
                GateSettings.of(values),
                EmbedSettings.of(values),
                IndexSettings.of(values, dataDir),
                GenerationSettings.of(values),
                SearchSettings.of(values),
                AnswerSettings.of(values),
                FeedbackSettings.of(values),
                JudgementSettings.of(values),
                TuneSettings.of(values),
                PromotionSettings.of(values),
                DriftSettings.of(values),
                RetrainSettings.of(values),
                CostSettings.of(values),
                ReconcileSettings.of(values),
                LedgerSettings.of(values, dataDir),
                LineageSettings.of(values),
                MlflowSettings.of(values),
                TelemetrySettings.of(values),
                effective(values, passedThrough));
    }

    private static Map<String, String> effective(Values values, Map<String, String> passedThrough) {
        Map<String, String> effective = new HashMap<>();
        values.parsed().forEach((key, value) -> effective.put(key, printed(value)));
        passedThrough.keySet().forEach(key -> effective.put(KafkaSettings.CLIENT_PREFIX + key, MASKED));
        return effective;
    }

    private static String printed(Object value) {
        return switch (value) {
            case Password secret -> secret.value().isEmpty() ? "" : MASKED;
            case List<?> items -> items.stream().map(String::valueOf).collect(Collectors.joining(","));
            default -> value.toString();
        };
    }

    /** What no single value can be checked for. */
    private static List<String> relations(Values values) {
        List<String> errors = new ArrayList<>();
        GateSettings gate = GateSettings.of(values);
        Duration oldest = Topics.INBOX.retention().plus(Topics.CHANGED.retention());
        if (gate.tombstoneRetention().compareTo(oldest) <= 0) {
            errors.add(
                    "gate.tombstone.retention: " + gate.tombstoneRetention() + " must be longer than the retentions of "
                            + Topics.INBOX.name() + " and " + Topics.CHANGED.name() + " together, " + oldest
                            + ": otherwise a late change could bring a deleted document back");
        }
        if (!WeaviateSettings.isPrefix(values.text("index.weaviate.prefix"))) {
            errors.add("index.weaviate.prefix: must be a capital letter and up to 39 letters and digits");
        }
        for (String key : ADDRESSES) {
            values.optional(key)
                    .filter(text -> !isHttp(text))
                    .ifPresent(text -> errors.add(key + ": must be an http: or https: address"));
        }
        errors.addAll(ServiceSettings.problems(values));
        errors.addAll(TemporalSettings.problems(values));
        errors.addAll(RetrainSettings.problems(values));
        errors.addAll(ReconcileSettings.problems(values));
        errors.addAll(LedgerSettings.problems(values));
        errors.addAll(LineageSettings.problems(values));
        errors.addAll(MlflowSettings.problems(values));
        errors.addAll(TuneSettings.problems(values));
        errors.addAll(PromotionSettings.problems(values));
        errors.addAll(DriftSettings.problems(values));
        errors.addAll(CostSettings.problems(values));
        errors.addAll(S3SourceSettings.problems(values));
        if (ContentSettings.isInS3(values)) {
            errors.addAll(S3ContentSettings.problems(values));
            if (errors.isEmpty()) { // the addresses are addresses
                errors.addAll(S3SourceSettings.overlaps(values));
            }
        }
        values.optional("database.url").flatMap(DatabaseSettings::problem).ifPresent(errors::add);
        try {
            DatabaseSettings.of(values, Path.of(values.text("data.dir")));
            TuneSettings.of(values);
            LedgerSettings.of(values, Path.of(values.text("data.dir")));
            HttpSettings.of(values);
            FolderSettings.of(values);
            DebeziumSourceSettings.of(values);
            FetchSettings.of(values);
        } catch (InvalidPathException e) {
            errors.add("not a path: " + e.getInput());
        }
        return errors;
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
