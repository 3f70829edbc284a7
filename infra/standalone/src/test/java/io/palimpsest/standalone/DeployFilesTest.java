package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.testkit.engine.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What infra/deploy says of settings, metrics and images is so. */
final class DeployFilesTest {
    private static final Path DEPLOY = SourceTree.ROOT.resolve("infra/deploy");
    private static final Pattern METRIC = Pattern.compile("\\b(?:palimpsest|jvm|process)(?:_[a-z]+)+\\b");

    @Test
    void metricsOfAlertsDashboardsAndAutoscalingAreExported() throws IOException {
        Set<String> exported = exported();
        assertThat(named())
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(exported).contains(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "index"})
    void composeGivesSettingsThatLoad(String service) throws IOException {
        Map<String, String> environment = new HashMap<>();
        yaml("compose.yaml")
                .path("x-settings")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        Settings settings = new SettingSources()
                .environment(environment)
                .set("services", service)
                .load();
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("kafka:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "index"})
    void chartGivesSettingsThatLoad(String service) throws IOException {
        JsonNode values = yaml("helm/palimpsest/values.yaml");
        SettingSources sources = new SettingSources();
        Stream.of(values.path("settings"), values.path(service).path("settings"))
                .flatMap(settings -> settings.properties().stream())
                .forEach(entry -> sources.set(entry.getKey(), entry.getValue().asText()));
        sources.set("services", service).set("content.master.key.file", "/etc/palimpsest/master.key");
        assertThat(sources.load().kafka().replicationFactor()).isEqualTo((short) 3);
    }

    @ParameterizedTest
    @EnumSource(names = {"KAFKA", "POSTGRES", "WEAVIATE", "S3"})
    void composeRunsTheImagesThatAreTested(EngineKind engine) throws IOException {
        String image = yaml("compose.yaml")
                .path("services")
                .path(engine.name().toLowerCase(java.util.Locale.ROOT))
                .path("image")
                .asText();
        assertThat(image)
                .endsWith(":-" + engine.image().getUnversionedPart() + ":"
                        + engine.image().getVersionPart() + "}");
    }

    private static JsonNode yaml(String file) throws IOException {
        return new YAMLMapper().readTree(DEPLOY.resolve(file).toFile());
    }

    private static Set<String> named() throws IOException {
        try (Stream<Path> files = Files.walk(DEPLOY.resolve("helm"))) {
            return files.filter(Files::isRegularFile)
                    .map(SourceTree::read)
                    .flatMap(text -> METRIC.matcher(text).results())
                    .map(found -> found.group())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Names as Prometheus has them, of every metric there is. */
    private static Set<String> exported() {
        try (Telemetry telemetry = Telemetry.local()) {
            for (Metric metric : Metric.values()) {
                String[] tags = metric.tags().toArray(String[]::new);
                switch (metric.type()) {
                    case COUNTER -> telemetry.count(metric, tags);
                    case TIMER -> telemetry.time(metric, Duration.ofMillis(1), tags);
                    case GAUGE -> telemetry.gauge(metric, () -> 1, tags);
                }
            }
            Matcher names = Pattern.compile("(?m)^[a-z_]+").matcher(telemetry.scrape());
            return names.results().map(found -> found.group()).collect(Collectors.toSet());
        }
    }
}
