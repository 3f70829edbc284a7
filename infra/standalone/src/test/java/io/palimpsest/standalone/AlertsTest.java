package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.config.ServiceSettings;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each alert is shown to fire and not to; whether it does, promtool says (infra/deploy/check). */
final class AlertsTest {
    private static final JsonNode RULES =
            DeployFile.read("helm/palimpsest/files/alerts.yaml").at("/groups/0/rules");
    private static final JsonNode TESTS =
            DeployFile.read("prometheus/alerts-test.yaml").path("tests");

    static Stream<String> alerts() {
        return RULES.valueStream().map(rule -> rule.path("alert").asText());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void itIsShownToFireAndNotTo(String alert) {
        List<JsonNode> cases = TESTS.valueStream()
                .flatMap(test -> test.path("alert_rule_test").valueStream())
                .filter(one -> one.path("alertname").asText().equals(alert))
                .map(one -> one.path("exp_alerts"))
                .toList();
        assertThat(cases).anyMatch(JsonNode::isEmpty).anyMatch(expected -> !expected.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void itSaysHowBadItIsWhatIsTheMatterAndWhatToDo(String alert) {
        JsonNode rule = rule(alert);
        assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
        assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
        assertThat(rule.at("/annotations/action").asText()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(ServiceSettings.Service.class)
    void aDeadProcessOfEachServiceIsNoticed(ServiceSettings.Service service) {
        Matcher services = Pattern.compile("service=~\"([^\"]+)\"")
                .matcher(rule("PalimpsestProcessDown").path("expr").asText());
        assertThat(services.find()).isTrue();
        assertThat(service.word()).matches(services.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"database", "content", "temporal"})
    void anEngineThatIsAwayIsSeenAndTold(String part) {
        Pattern asked =
                Pattern.compile("palimpsest_parts_ready\\{part=~?\"([^\"]*\\|)?" + part + "(\\|[^\"]*)?\"}\\)?(?!\\w)");
        assertThat(RULES.findValuesAsText("expr"))
                .anyMatch(expression -> asked.matcher(expression).find());
        assertThat(DeployFile.read("helm/palimpsest/files/dashboards/palimpsest-engines.json")
                        .findValuesAsText("expr"))
                .anyMatch(expression -> asked.matcher(expression).find());
    }

    private static JsonNode rule(String alert) {
        return RULES.valueStream()
                .filter(rule -> rule.path("alert").asText().equals(alert))
                .findFirst()
                .orElseThrow();
    }
}
