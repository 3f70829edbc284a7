package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.testkit.engine.Certificates;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.SecureKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks for a log-in: with one everything works, whichever client it is; without, the start says why. */
@NeedsEngine(EngineKind.KAFKA)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecureKafkaST {
    /** Start of a JVM's worth of things apart. */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private SecureKafka kafka;
    private KafkaRights rights;

    @TempDir
    static Path certificates;

    @TempDir
    Path data;

    @BeforeAll
    void start() throws Exception {
        kafka = SecureKafka.start(Certificates.make(certificates));
        rights = new KafkaRights(kafka.open(), SecureKafka.LIMITED);
        setPassword(SecureKafka.PASSWORD);
    }

    private void setPassword(String password) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.open()))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            SecureKafka.USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Test
    void aDocumentFlowsWithAPasswordFromAFile() throws Exception {
        Path secrets = Files.writeString(
                data.resolve("kafka.secrets"),
                "jaas="
                        + SecureKafka.plainClient(SecureKafka.USER, SecureKafka.PASSWORD)
                                .getOrDefault("sasl.jaas.config", ""));
        Map<String, String> client = new HashMap<>(SecureKafka.plainClient(SecureKafka.USER, SecureKafka.PASSWORD));
        client.put("config.providers", "file");
        client.put("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
        client.put("sasl.jaas.config", "${file:" + secrets + ":jaas}");

        try (House house = House.start(data, settings(kafka.saslPlaintext(), client))) {
            flows(house, "doc:password-from-a-file");
        }
    }

    @Test
    void aWrongPasswordEndsTheStart() {
        refused(
                kafka.saslSsl(),
                kafka.scramClient("wrong"),
                "does not let this user in",
                "kafka.client.sasl.jaas.config");
        refused(
                kafka.saslPlaintext(),
                SecureKafka.plainClient(SecureKafka.USER, "wrong"),
                "does not let this user in",
                "kafka.client.sasl.jaas.config");
    }

    @Test
    void aBrokerWhoseAuthorityIsNotTrustedEndsTheStart() {
        Map<String, String> client = new HashMap<>(kafka.scramClient(SecureKafka.PASSWORD));
        client.put("ssl.truststore.location", kafka.certificates().strangers().toString());

        refused(kafka.saslSsl(), client, "do not trust each other", "kafka.client.ssl.truststore");
    }

    @Test
    void tlsToAPlaintextPortAndPlaintextToATlsPortEndTheStart() {
        refused(kafka.open(), kafka.scramClient(SecureKafka.PASSWORD), "speaks plaintext there", "SASL_PLAINTEXT");
        refused(kafka.saslSsl(), Map.of(), "TLS", "kafka.client.security.protocol");
        refused(
                kafka.saslSsl(),
                SecureKafka.plainClient(SecureKafka.USER, SecureKafka.PASSWORD),
                "TLS",
                "kafka.client.security.protocol");
    }

    @Test
    void aLogInWhereNoneIsAskedForAndNoneWhereOneIsEndTheStart() {
        refused(
                kafka.open(),
                SecureKafka.plainClient(SecureKafka.USER, SecureKafka.PASSWORD),
                "takes no log-in of this kind",
                "kafka.client.security.protocol");
        refused(kafka.saslPlaintext(), Map.of(), "if it asks for a log-in", "kafka.client.sasl");
    }

    @Test
    void aMechanismThatTheBrokerHasNotEndsTheStart() {
        Map<String, String> client = new HashMap<>(kafka.scramClient(SecureKafka.PASSWORD));
        client.put("sasl.mechanism", "SCRAM-SHA-256");

        refused(kafka.saslSsl(), client, "takes no log-in of this kind", "kafka.client.sasl.mechanism");
    }

    @Test
    void aTrustStoreThatIsNotThereEndsTheStart() {
        Map<String, String> client = new HashMap<>(kafka.scramClient(SecureKafka.PASSWORD));
        client.put("ssl.truststore.location", data.resolve("absent.p12").toString());

        refused(kafka.saslSsl(), client, "kafka.client.", "absent.p12");
    }

    @Test
    void nobodyAtTheAddressEndsTheStartInTime() {
        refused("127.0.0.1:9,no-such-host.invalid:9092", Map.of(), "127.0.0.1:9 (not listening)", "name unknown");
    }

    @Test
    void aUserWhoMayNotCreateTopicsIsTold() throws Exception {
        rights.permitDescribeCluster();

        refused(
                kafka.saslPlaintext(),
                SecureKafka.plainClient(SecureKafka.LIMITED, SecureKafka.PASSWORD),
                "may not create it",
                "Kafka at " + kafka.saslPlaintext(),
                Topics.INBOX.name());
        rights.forbidAll();
    }

    @Test
    void thePermissionsOfTheGuideSufficeAndThoseTakenAwayWhileItRunsAreWaitedFor() throws Exception {
        rights.permitWhatTheGuideLists();
        try (House house = House.start(
                data,
                settings(kafka.saslPlaintext(), SecureKafka.plainClient(SecureKafka.LIMITED, SecureKafka.PASSWORD)))) {
            PausedIntake.goesOn(house, "doc:permitted");

            rights.forbid(ResourceType.TOPIC, "corpus.");
            PausedIntake.refused(house, "this user may not write there", "kafka-acls.sh");
            rights.permit(ResourceType.TOPIC, "corpus.");
            PausedIntake.goesOn(house, "doc:permitted-again");

            rights.forbid(ResourceType.GROUP, "palimpsest-");
            rights.forbid(ResourceType.TRANSACTIONAL_ID, "palimpsest-");
            PausedIntake.accepted(house, "doc:waiting"); // the topic may be written, the streams do not get on
            House.until(() -> house.get("/health/ready", house.palimpsest.key()).statusCode() == 503);
            rights.permit(ResourceType.GROUP, "palimpsest-");
            rights.permit(ResourceType.TRANSACTIONAL_ID, "palimpsest-");
            PausedIntake.found(house, "doc:waiting");
            PausedIntake.goesOn(house, "doc:permitted-at-last");
            house.untilReady();
            assertThat(house.found("keyword", "otters"))
                    .contains("doc:permitted", "doc:permitted-again", "doc:waiting", "doc:permitted-at-last");
        } finally {
            rights.forbidAll();
        }
    }

    @Test
    void documentsFlowWithTlsAndScramAndAPasswordThatIsChangedMeanwhileIsWaitedFor() throws Exception {
        try (House house = House.start(data, settings(kafka.saslSsl(), kafka.scramClient(SecureKafka.PASSWORD)))) {
            flows(house, "doc:tls-and-scram");
            PausedIntake.goesOn(house, "doc:let-in");
            setPassword("another");
            PausedIntake.refused(house, "does not let this user in any more", "kafka.client.sasl");
            setPassword(SecureKafka.PASSWORD);
            PausedIntake.goesOn(house, "doc:let-in-again");
            PausedIntake.found(house, "doc:let-in");
            house.untilReady();
            House.until(() -> {
                assertThat(house.get("/metrics", null).body().lines())
                        .filteredOn(line -> line.startsWith("palimpsest_kafka_lag"))
                        .isNotEmpty()
                        .noneMatch(line -> line.endsWith("NaN"));
                return true;
            });
        } finally {
            setPassword(SecureKafka.PASSWORD);
        }
    }

    @Test
    void aBrokerThatGrowsSlowAndThenMuteIsWaitedForAndWhatItTookIsFound() throws Exception {
        try (House house = House.start(data, settings(kafka.proxied(), Map.of()))) {
            PausedIntake.goesOn(house, "doc:quick");
            kafka.proxy().slow(250);
            PausedIntake.accepted(house, "doc:slow");
            PausedIntake.accepted(house, "doc:slower");
            kafka.proxy().stall();
            PausedIntake.refused(house, "see that its brokers run");
            kafka.proxy().heal();
            PausedIntake.goesOn(house, "doc:quick-again");
            for (String document : List.of("doc:quick", "doc:slow", "doc:slower")) {
                PausedIntake.found(house, document);
            }
        } finally {
            kafka.proxy().heal();
        }
    }

    private static void flows(House house, String document) throws Exception {
        assertThat(ended(house, document, "created", House.markdown("Badgers dig at night.")))
                .isEqualTo("INDEXED");
        assertThat(house.found("keyword", "badgers")).containsExactly(document);
        assertThat(ended(house, document, "deleted", "null")).isEqualTo("DELETED");
        assertThat(house.found("keyword", "badgers")).isEmpty();
    }

    /** Event ids of its own: the topics know those of other tests. */
    private static String ended(House house, String document, String type, String content) throws Exception {
        String event = house.event(type, document, content).replace("/test", "/test/" + document);
        return house.ended(house.accepted(event)).path("state").asText();
    }

    private void refused(String address, Map<String, String> client, String... says) {
        assertTimeout(
                BOUND,
                () -> assertThatThrownBy(() ->
                                House.start(data, settings(address, client)).close())
                        .isInstanceOfSatisfying(
                                PalimpsestException.class,
                                e -> assertThat(e.code())
                                        .isIn(
                                                ErrorCode.KAFKA_REFUSED,
                                                ErrorCode.BROKER_UNAVAILABLE,
                                                ErrorCode.CONFIG_INVALID))
                        .hasMessageContainingAll(says)
                        .satisfies(e -> System.out.println("START REFUSED: " + e.getMessage()))
                        .message()
                        .doesNotContain(SecureKafka.PASSWORD));
    }

    private static Map<String, String> settings(String address, Map<String, String> client) {
        Map<String, String> settings = new HashMap<>();
        client.forEach((key, value) -> settings.put("kafka.client." + key, value));
        settings.put("kafka.bootstrap.servers", address);
        settings.put("kafka.start.timeout", "PT15S");
        settings.put("kafka.lag.interval", "PT1S");
        return settings;
    }
}
