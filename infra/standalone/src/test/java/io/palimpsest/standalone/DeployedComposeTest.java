package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every service of compose.yaml has, for whoever runs it unattended. */
final class DeployedComposeTest {
    private static final JsonNode SERVICES = DeployFile.read("compose.yaml").path("services");

    /** Images that write beside their programs, or begin as root to give their volume to another user. */
    private static final Set<String> OTHERS = Set.of("kafka", "postgres", "weaviate", "s3", "temporal");

    static Stream<String> services() {
        return SERVICES.propertyStream().map(Map.Entry::getKey);
    }

    static Stream<String> onReadOnlyRoots() {
        return services().filter(service -> !OTHERS.contains(service));
    }

    @Test
    void thereAreSixProcessesOfOursAndEightOfOthers() {
        assertThat(services()).hasSize(14).containsAll(OTHERS);
        assertThat(onReadOnlyRoots().filter(service -> image(service).contains("palimpsest/palimpsest")))
                .containsExactlyInAnyOrder("ingest-1", "ingest-2", "index-1", "index-2", "retrain-1", "ledger-1");
    }

    @ParameterizedTest
    @MethodSource("services")
    void itsHealthIsAskedFor(String service) {
        JsonNode check = SERVICES.at("/" + service + "/healthcheck");
        assertThat(check.path("test")).isNotEmpty();
        assertThat(check.path("disable").asBoolean()).isFalse();
        assertThat(check.path("interval").asText()).matches("\\d+s");
        assertThat(check.path("timeout").asText()).matches("\\d+s");
    }

    @ParameterizedTest
    @MethodSource("services")
    void itTakesNoMoreMemoryAndProcessorThanItIsGiven(String service) {
        assertThat(SERVICES.at("/" + service + "/mem_limit").asText()).matches("\\d+[gm]");
        assertThat(SERVICES.at("/" + service + "/cpus").asDouble()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("services")
    void whatItSaysDoesNotFillTheDisk(String service) {
        JsonNode options = SERVICES.at("/" + service + "/logging/options");
        assertThat(options.path("max-size").asText()).matches("\\d+m");
        assertThat(options.path("max-file").asInt()).isBetween(2, 20);
    }

    @ParameterizedTest
    @MethodSource("services")
    void itComesBackAfterACrash(String service) {
        assertThat(SERVICES.at("/" + service + "/restart").asText()).isEqualTo("unless-stopped");
    }

    @ParameterizedTest
    @MethodSource("services")
    void itHasTimeToWriteDownWhatItHolds(String service) {
        assertThat(SERVICES.at("/" + service + "/stop_grace_period").asText()).isIn("30s", "60s");
    }

    @ParameterizedTest
    @MethodSource("services")
    void itGainsNoPrivileges(String service) {
        assertThat(DeployFile.words(SERVICES.at("/" + service + "/security_opt")))
                .contains("no-new-privileges:true");
        assertThat(SERVICES.at("/" + service + "/privileged").asBoolean()).isFalse();
        assertThat(SERVICES.at("/" + service + "/cap_add")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("onReadOnlyRoots")
    void itWritesToItsVolumesOnlyAndHasNoCapabilities(String service) {
        JsonNode one = SERVICES.path(service);
        assertThat(one.path("read_only").asBoolean()).isTrue();
        assertThat(DeployFile.words(one.path("tmpfs"))).containsExactly("/tmp");
        assertThat(DeployFile.words(one.path("cap_drop"))).containsExactly("ALL");
        assertThat(one.path("user").asText("10001:10001")).doesNotStartWith("0").doesNotStartWith("root");
    }

    @ParameterizedTest
    @MethodSource("services")
    void itIsPublishedOnLoopbackOnly(String service) {
        assertThat(DeployFile.words(SERVICES.at("/" + service + "/ports")))
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void itWaitsForOthersUntilTheyAreReady(String service) {
        SERVICES.at("/" + service + "/depends_on").forEachEntry((other, wait) -> {
            assertThat(services()).contains(other);
            // Retrain asks whichever index process is there, and waits for it by itself.
            assertThat(wait.path("condition").asText())
                    .isEqualTo(other.startsWith("index") ? "service_started" : "service_healthy");
        });
        assertThat(SERVICES.at("/" + service + "/depends_on").isArray())
                .as("a list would wait for the start only")
                .isFalse();
    }

    private static String image(String service) {
        return SERVICES.at("/" + service + "/image").asText();
    }
}
