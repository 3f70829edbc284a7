package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.palimpsest.platform.config.ServiceSettings;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.testkit.engine.EngineKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What infra/deploy says of settings, metrics and images is so. */
final class DeployFilesTest {
    private static final Path DEPLOY = SourceTree.ROOT.resolve("infra/deploy");
    private static final Pattern SECRET = Pattern.compile("\\{key: ([\\w.]+), path: ");
    private static final Pattern INGRESS = Pattern.compile("\\(dict \"path\" \"([^\"]+)\" \"service\" \"(\\w+)\"\\)");
    private static final Pattern METRIC = Pattern.compile("\\b(?:palimpsest|jvm|process)(?:_[a-z]+)+\\b");

    @Test
    void metricsOfAlertsDashboardsAndAutoscalingAreExported() throws IOException {
        Set<String> exported = exported();
        assertThat(named())
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(exported).contains(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "index", "retrain", "ledger"})
    void composeGivesSettingsThatLoad(String service) throws IOException {
        Settings settings = composed(service);
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("kafka:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "index", "retrain", "ledger"})
    void chartGivesSettingsThatLoad(String service) throws IOException {
        assertThat(charted(service).kafka().replicationFactor()).isEqualTo((short) 3);
    }

    @Test
    void retrainFindsTemporalAndTheIndexServiceInOtherProcesses() throws IOException {
        for (Settings settings : List.of(composed("retrain"), charted("retrain"))) {
            assertThat(settings.temporal().address())
                    .as("a server of its own would forget")
                    .isPresent();
            assertThat(settings.retrain().index().orElseThrow().getScheme()).isEqualTo("https");
            assertThat(settings.retrain().indexCaFile()).isPresent();
        }
        String index = composed("retrain").retrain().index().orElseThrow().getHost();
        assertThat(yaml("compose.yaml")
                        .at("/services/index-1/networks/engines/aliases")
                        .get(0)
                        .asText())
                .as("the certificate has this name")
                .isEqualTo(index);
    }

    @Test
    void indexFindsTheLogInAnotherProcess() throws IOException {
        for (Settings settings : List.of(composed("index"), charted("index"))) {
            URI log = settings.ledger().address().orElseThrow();
            assertThat(log).hasScheme("https").hasPath("/log/");
            assertThat(settings.ledger().caFile()).isPresent();
            assertThat(composed("ingest").ledger().address())
                    .as("nobody else asks")
                    .isEmpty();
        }
        JsonNode compose = yaml("compose.yaml").path("services");
        assertThat(compose.at("/ledger-1/networks/engines/aliases").get(0).asText())
                .as("the certificate has this name")
                .isEqualTo(composed("index").ledger().address().orElseThrow().getHost());
        assertThat(compose.at("/index-1/secrets").valueStream().map(JsonNode::asText))
                .as("what its settings read")
                .contains("ca.pem", "tls.p12", "master.key", "keys.json", "palimpsest.properties");
    }

    @Test
    void retrainHasRoomForItsTrainerBesideItself() throws IOException {
        long own = 2_048; // heap of 1 GiB, drift's state, native libraries
        JsonNode compose = yaml("compose.yaml").at("/services/retrain-1");
        assertThat(mebibytes(compose.path("mem_limit").asText()))
                .isGreaterThanOrEqualTo(composed("retrain").tune().memoryMib() + own);
        JsonNode chart = yaml("helm/palimpsest/values.yaml").path("retrain");
        assertThat(mebibytes(chart.at("/resources/limits/memory").asText()))
                .isGreaterThanOrEqualTo(charted("retrain").tune().memoryMib() + own);
    }

    @Test
    void everySecretThatIsAskedForIsMade(@TempDir Path folder) throws Exception {
        List<String> made = new DeploymentSecrets(folder).make(List.of());

        assertThat(made)
                .containsAll(yaml("compose.yaml").path("secrets").properties().stream()
                        .map(Map.Entry::getKey)
                        .toList());
        List<String> mounted = SECRET.matcher(
                        SourceTree.read(DEPLOY.resolve("helm/palimpsest/templates/services.yaml")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(mounted).contains("ca.pem");
        assertThat(made).containsAll(mounted);
    }

    /** As ingress-nginx does it: the longest expression is tried first, at the beginning of the path, whatever the case. */
    @ParameterizedTest
    @EnumSource(ServiceSettings.Service.class)
    void ingressSendsEachRouteToTheServiceThatServesIt(ServiceSettings.Service service) {
        List<MatchResult> rules = INGRESS.matcher(
                        SourceTree.read(DEPLOY.resolve("helm/palimpsest/templates/ingress.yaml")))
                .results()
                .sorted(Comparator.comparingInt(
                                (MatchResult rule) -> rule.group(1).length())
                        .reversed())
                .toList();
        assertThat(rules).hasSizeGreaterThan(3);
        assertThat(new Elsewhere(service).served()).allSatisfy(route -> {
            String path = route.substring(route.indexOf(' ') + 1).replaceAll("[{<]\\w+[}>]", "some-name");
            String found = rules.stream()
                    .filter(rule -> Pattern.compile("^" + rule.group(1), Pattern.CASE_INSENSITIVE)
                            .matcher(path)
                            .find())
                    .map(rule -> rule.group(2))
                    .findFirst()
                    .orElse("nobody");
            assertThat(found).as(route).isEqualTo(service.word());
        });
    }

    @ParameterizedTest
    @EnumSource(ServiceSettings.Service.class)
    void prometheusAsksEveryService(ServiceSettings.Service service) throws IOException {
        assertThat(yaml("prometheus/prometheus.yaml").findValuesAsText("service"))
                .contains(service.word());
        assertThat(SourceTree.read(DEPLOY.resolve("helm/palimpsest/templates/monitoring.yaml")))
                .contains(service.word());
    }

    @Test
    void eachDashboardHasItsOwnIdAndPanelsThatDoNotOverlap() throws IOException {
        Set<String> ids = new TreeSet<>();
        try (Stream<Path> files = Files.list(DEPLOY.resolve("helm/palimpsest/files/dashboards"))) {
            for (Path file : files.toList()) {
                JsonNode board = new YAMLMapper().readTree(file.toFile());
                assertThat(ids.add(board.path("uid").asText()))
                        .as(file.toString())
                        .isTrue();
                Set<String> places = new TreeSet<>();
                for (JsonNode panel : board.path("panels")) {
                    assertThat(panel.path("targets"))
                            .as(panel.path("title").asText())
                            .isNotEmpty();
                    assertThat(places.add(panel.path("gridPos").toString()))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
        assertThat(ids).contains("palimpsest-drift", "palimpsest-labels", "palimpsest-runs", "palimpsest-generations");
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

    /** {@code WeaviateServersIT} shows what the script does. */
    @Test
    void weaviateOfComposeIsStartedSoThatItBeginsAnewOnceItsDiskHasRoom() throws IOException {
        JsonNode weaviate = yaml("compose.yaml").at("/services/weaviate");
        assertThat(weaviate.path("restart").asText()
                        + yaml("compose.yaml").at("/x-engine/restart").asText())
                .isEqualTo("unless-stopped");
        assertThat(weaviate.path("entrypoint").path(2).asText())
                .containsOnlyOnce("exec sh /etc/palimpsest/run ")
                .doesNotContain("/bin/weaviate");
        assertThat(weaviate.path("volumes").valueStream().map(JsonNode::asText))
                .contains("./weaviate/run:/etc/palimpsest/run:ro");
        assertThat(DEPLOY.resolve("weaviate/run")).isRegularFile();
    }

    /** What all processes are given, and the first of this service besides. */
    private static Settings composed(String service) throws IOException {
        JsonNode compose = yaml("compose.yaml");
        Map<String, String> environment = new HashMap<>();
        Stream.of(compose.path("x-settings"), compose.at("/services/" + service + "-1/environment"))
                .flatMap(settings -> settings.properties().stream())
                .filter(entry -> !entry.getKey().equals("<<"))
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        return new SettingSources()
                .environment(environment)
                .set("services", service)
                .load();
    }

    private static Settings charted(String service) throws IOException {
        JsonNode values = yaml("helm/palimpsest/values.yaml");
        SettingSources sources = new SettingSources();
        String helpers = SourceTree.read(DEPLOY.resolve("helm/palimpsest/templates/_helpers.tpl"));
        int start = helpers.indexOf("define \"palimpsest." + service + "\"");
        if (start >= 0) {
            String usual = helpers.substring(start, helpers.indexOf("{{- end -}}", start));
            Pattern.compile("(?m)^([a-z.]+): (.*)$")
                    .matcher(usual)
                    .results()
                    .forEach(line -> sources.set(line.group(1), rendered(line.group(1), line.group(2))));
        }
        Stream.of(values.path("settings"), values.path(service).path("settings"))
                .flatMap(settings -> settings.properties().stream())
                .forEach(entry -> sources.set(entry.getKey(), entry.getValue().asText()));
        return sources.set("services", service)
                .set("content.master.key.file", "/etc/palimpsest/master.key")
                .load();
    }

    private static String rendered(String key, String template) {
        return key.equals("temporal.address") ? "temporal:7233" : template.replaceAll("\\{\\{.*?}}", "palimpsest");
    }

    private static long mebibytes(String size) {
        long number = Long.parseLong(size.replaceAll("\\D", ""));
        return size.matches("\\d+(g|Gi)") ? number * 1024 : number;
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
