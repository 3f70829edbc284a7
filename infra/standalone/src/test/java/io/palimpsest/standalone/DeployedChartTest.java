package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart, as helm renders it: what every workload of it has. */
final class DeployedChartTest {
    private static final Path CHART = DeployFile.FOLDER.resolve("helm/palimpsest");
    private static final Path RENDERED = DeployFile.FOLDER.resolve("helm/rendered.yaml");
    private static final List<String> PARTS =
            List.of("ingest.autoscaling.enabled", "index.autoscaling.enabled", "ingress.enabled", "temporal.enabled");
    private static final String EVERYTHING = rendered(PARTS);
    private static final List<JsonNode> OBJECTS = DeployFile.documents(EVERYTHING);

    private static String rendered(List<String> enabled) {
        TemplateCommand template =
                new Helm(CHART).template().withName("palimpsest").withKubeVersion("1.31.0");
        enabled.forEach(part -> template.set(part, "true"));
        return template.call();
    }

    static Stream<String> workloads() {
        return OBJECTS.stream()
                .filter(object -> !object.at("/spec/template").isMissingNode())
                .map(DeployedChartTest::name);
    }

    static Stream<String> services() {
        return of("StatefulSet").map(DeployedChartTest::name);
    }

    @Test
    void helmHasNothingAgainstIt() {
        LintResult result = new Helm(CHART).lint().strict().quiet().call();

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    /** There so that a review shows what a change of the chart changes in the cluster. */
    @Test
    void theRenderedChartIsWhatHelmMakesOfIt() throws IOException {
        if (Boolean.getBoolean("palimpsest.regenerate")) {
            Files.writeString(RENDERED, EVERYTHING);
        }
        assertThat(RENDERED)
                .as("the chart was changed: run this test with -Dpalimpsest.regenerate=true")
                .content()
                .isEqualTo(EVERYTHING);
    }

    @Test
    void withoutAPartItHasNothingOfIt() {
        assertThat(kinds(rendered(List.of())))
                .contains("StatefulSet", "Service", "NetworkPolicy", "PodDisruptionBudget")
                .doesNotContain("HorizontalPodAutoscaler", "Ingress", "Deployment", "PrometheusRule");
    }

    @Test
    void theOperatorsRulesAndDashboardsAreThereWhereAskedFor() {
        List<String> without = kinds(EVERYTHING);
        List<String> with =
                kinds(rendered(Stream.concat(PARTS.stream(), Stream.of("monitoring.operator", "monitoring.dashboards"))
                        .toList()));

        assertThat(with).containsAll(without).contains("ServiceMonitor", "PrometheusRule");
        assertThat(with)
                .filteredOn("ConfigMap"::equals)
                .hasSizeGreaterThan(Collections.frequency(without, "ConfigMap"));
    }

    private static List<String> kinds(String yaml) {
        return DeployFile.documents(yaml).stream()
                .map(object -> object.path("kind").asText())
                .toList();
    }

    @Test
    void thereAreFourServicesAndTemporal() {
        assertThat(services())
                .containsExactlyInAnyOrder(
                        "palimpsest-ingest", "palimpsest-index", "palimpsest-retrain", "palimpsest-ledger");
        assertThat(workloads()).hasSize(5).contains("palimpsest-temporal");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void itsPodsAreNobodyInParticular(String workload) {
        JsonNode pod = pod(workload);
        JsonNode security = pod.path("securityContext");
        assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(security.path("runAsUser").asInt()).isPositive();
        assertThat(security.path("runAsGroup").asInt()).isPositive();
        assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                .as("nothing asks Kubernetes")
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void itsContainersWriteToTheirVolumesOnlyAndHaveNoCapabilities(String workload) {
        assertThat(containers(workload, "containers", "initContainers"))
                .isNotEmpty()
                .allSatisfy(container -> {
                    JsonNode security = container.path("securityContext");
                    assertThat(security.path("readOnlyRootFilesystem").asBoolean())
                            .isTrue();
                    assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                            .isFalse();
                    assertThat(security.path("privileged").asBoolean()).isFalse();
                    assertThat(DeployFile.words(security.at("/capabilities/drop")))
                            .containsExactly("ALL");
                    assertThat(security.at("/capabilities/add")).isEmpty();
                });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void itsContainersAskForWhatTheyNeedAndTakeNoMoreMemoryThanTheyAreGiven(String workload) {
        assertThat(containers(workload, "containers", "initContainers"))
                .isNotEmpty()
                .allSatisfy(container -> {
                    assertThat(container.at("/resources/requests/cpu").asText()).matches("\\d+m?");
                    assertThat(container.at("/resources/requests/memory").asText())
                            .matches("\\d+[GM]i");
                    assertThat(container.at("/resources/limits/memory").asText())
                            .matches("\\d+[GM]i");
                });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void itsContainersAreProbed(String workload) {
        assertThat(containers(workload, "containers")).isNotEmpty().allSatisfy(container -> {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                JsonNode asked = container.path(probe);
                assertThat(Stream.of("httpGet", "grpc", "tcpSocket").filter(asked::has))
                        .as(probe)
                        .hasSize(1);
            }
            JsonNode start = container.path("startupProbe");
            assertThat(start.path("periodSeconds").asInt()
                            * start.path("failureThreshold").asInt())
                    .as("seconds it has to start")
                    .isGreaterThanOrEqualTo(60);
        });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void whoTalksToItAndWhomItTalksToIsLimited(String workload) {
        assertThat(of("NetworkPolicy")
                        .filter(policy -> selects(policy.at("/spec/podSelector"), labels(workload)))
                        .flatMap(policy -> DeployFile.words(policy.at("/spec/policyTypes")).stream()))
                .contains("Ingress", "Egress");
    }

    @Test
    void temporalAnswersRetrainOnlyAndItsPagesNobody() {
        List<JsonNode> rules = of("NetworkPolicy")
                .filter(policy -> selects(policy.at("/spec/podSelector"), labels("palimpsest-temporal")))
                .flatMap(policy -> policy.at("/spec/ingress").valueStream())
                .toList();
        assertThat(rules).singleElement().satisfies(rule -> {
            assertThat(rule.at("/ports").findValuesAsText("port")).containsExactly("grpc");
            JsonNode from = rule.path("from");
            assertThat(from).hasSize(1);
            assertThat(selects(from.at("/0/podSelector"), labels("palimpsest-retrain")))
                    .isTrue();
            assertThat(selects(from.at("/0/podSelector"), labels("palimpsest-index")))
                    .isFalse();
        });
    }

    /** Of Temporal's one pod a budget would forbid every drain, or nothing. */
    @ParameterizedTest
    @MethodSource("services")
    void aDrainTakesOneOfItsPodsAtATime(String service) {
        assertThat(of("PodDisruptionBudget")
                        .filter(budget -> selects(budget.at("/spec/selector"), labels(service)))
                        .map(budget -> budget.at("/spec/maxUnavailable").asInt()))
                .containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource({"ingest, extract-small, extract-large", "index, index-small, index-large"})
    void bothOfItsLanesAskForMoreProcesses(String service, String small, String large) {
        JsonNode scaler = of("HorizontalPodAutoscaler")
                .filter(one -> one.at("/spec/scaleTargetRef/name").asText().equals("palimpsest-" + service))
                .findFirst()
                .orElseThrow();
        assertThat(scaler.at("/spec/scaleTargetRef/kind").asText()).isEqualTo("StatefulSet");
        assertThat(scaler.at("/spec/minReplicas").asInt()).isGreaterThan(1);
        assertThat(scaler.at("/spec/maxReplicas").asInt())
                .isGreaterThan(scaler.at("/spec/minReplicas").asInt());
        assertThat(scaler.at("/spec/metrics")
                        .valueStream()
                        .map(metric -> metric.at("/external/metric/selector/matchLabels/group")
                                .asText()))
                .containsExactlyInAnyOrder(small, large);
        assertThat(scaler.at("/spec/metrics").valueStream())
                .allSatisfy(metric -> assertThat(
                                metric.at("/external/target/averageValue").asInt())
                        .isPositive());
        assertThat(of("StatefulSet").filter(set -> name(set).endsWith(service)))
                .singleElement()
                .satisfies(set -> assertThat(set.path("spec").has("replicas"))
                        .as("an upgrade would undo what the autoscaler did")
                        .isFalse());
    }

    @Test
    void temporalIsTheOneOfCompose() {
        JsonNode compose = DeployFile.read("compose.yaml").path("services");
        assertThat(containers("palimpsest-temporal", "containers")
                        .map(container -> container.path("image").asText()))
                .containsExactly(
                        official(compose.at("/temporal/image").asText()),
                        official(compose.at("/temporal-ui/image").asText()));
    }

    /** {@code ${VARIABLE:-image}} as it is without the variable. */
    private static String official(String image) {
        return image.replaceAll("^\\$\\{\\w+:-(.*)}$", "$1");
    }

    private static Stream<JsonNode> of(String kind) {
        return OBJECTS.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static JsonNode template(String workload) {
        return OBJECTS.stream()
                .filter(object ->
                        name(object).equals(workload) && object.at("/spec").has("template"))
                .findFirst()
                .orElseThrow()
                .at("/spec/template");
    }

    private static JsonNode pod(String workload) {
        return template(workload).path("spec");
    }

    private static JsonNode labels(String workload) {
        return template(workload).at("/metadata/labels");
    }

    private static Stream<JsonNode> containers(String workload, String... lists) {
        return Stream.of(lists).flatMap(list -> pod(workload).path(list).valueStream());
    }

    /** As Kubernetes matches labels; of expressions there is {@code In} only. */
    private static boolean selects(JsonNode selector, JsonNode labels) {
        boolean named = selector.path("matchLabels")
                .propertyStream()
                .allMatch(label -> labels.path(label.getKey())
                        .asText()
                        .equals(label.getValue().asText()));
        return named
                && selector.path("matchExpressions").valueStream().allMatch(expression -> {
                    assertThat(expression.path("operator").asText()).isEqualTo("In");
                    return DeployFile.words(expression.path("values"))
                            .contains(
                                    labels.path(expression.path("key").asText()).asText());
                });
    }
}
