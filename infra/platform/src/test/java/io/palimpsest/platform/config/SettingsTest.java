package io.palimpsest.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topics;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    @Test
    void everythingHasADefaultUnderTheDataDirectory() {
        Settings settings = Settings.defaults(Path.of("/srv/data"));

        assertThat(settings.dataDir()).isEqualTo(Path.of("/srv/data"));
        assertThat(settings.content().directory()).isEqualTo(Path.of("/srv/data/content"));
        assertThat(settings.content().masterKeyFile()).isEqualTo(Path.of("/srv/data/master.key"));
        assertThat(settings.index().directory()).isEqualTo(Path.of("/srv/data/index"));
        assertThat(settings.database().url()).isEqualTo("jdbc:sqlite:/srv/data/palimpsest.db");
        assertThat(settings.kafka().isEmbedded()).isTrue();
        assertThat(settings.http().host()).isEqualTo("127.0.0.1");
        assertThat(settings.fetch().allowedHosts()).isEmpty();
        assertThat(settings.embed().precision()).isEqualTo(EmbedSettings.Precision.FP32);
        assertThat(settings.search().fusion()).isEqualTo(SearchSettings.Fusion.SCORES);
    }

    @Test
    void givenValuesAreTaken() {
        Settings settings = Settings.load(Map.of(
                "http.port", "0",
                "fetch.allowed.roots", "/a, /b",
                "fetch.allowed.hosts", "example.org,*.example.com",
                "embed.model", "int8",
                "index.history.retention", "P90D",
                "answer.endpoint", "https://llm.example.org/v1",
                "kafka.client.security.protocol", "SSL"));

        assertThat(settings.http().port()).isZero();
        assertThat(settings.fetch().allowedRoots()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(settings.fetch().allowedHosts()).containsExactly("example.org", "*.example.com");
        assertThat(settings.embed().precision()).isEqualTo(EmbedSettings.Precision.INT8);
        assertThat(settings.index().historyRetention()).isEqualTo(Duration.ofDays(90));
        assertThat(settings.answer().endpoint()).contains(URI.create("https://llm.example.org/v1"));
        assertThat(settings.kafka().client()).containsEntry("security.protocol", "SSL");
    }

    @Test
    void allErrorsAreReportedTogether() {
        assertThatThrownBy(() -> Settings.load(Map.of(
                        "http.port", "99999",
                        "embed.model", "fp64",
                        "index.history.retention", "a while",
                        "htpp.port", "1")))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("4 settings are wrong")
                .hasMessageContaining("http.port")
                .hasMessageContaining("embed.model")
                .hasMessageContaining("index.history.retention");
    }

    @Test
    void swapsThatWaitForWitnessesNeedAQuorum() {
        assertThatThrownBy(() -> Settings.load(Map.of("generation.swap.witnessed", "true")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("generation.swap.witnessed: needs a ledger.witness.quorum");
    }

    @Test
    void anUnknownKeyStopsWithTheNearestOneSuggested() {
        assertThatThrownBy(() -> Settings.load(Map.of("extract.timout.ms", "1000")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("extract.timout.ms: no such setting; did you mean extract.timeout.ms?");
    }

    @Test
    void tombstonesMustOutliveTheOldestChangeThatMayArrive() {
        String asLong =
                Topics.INBOX.retention().plus(Topics.CHANGED.retention()).toString();

        assertThatThrownBy(() -> Settings.load(Map.of("gate.tombstone.retention", asLong)))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("gate.tombstone.retention");
    }

    @Test
    void everythingRunsInOneProcessByDefault() {
        assertThat(Settings.load(Map.of()).services().isEverything()).isTrue();
        assertThat(Settings.load(Map.of("services", "index, ingest")).services().isEverything())
                .isTrue();
    }

    @Test
    void aServiceThatIsNoneIsRefusedWithTheNearestOneSuggested() {
        assertThatThrownBy(() -> Settings.load(Map.of("services", "indx")))
                .hasMessageContaining("there is no service 'indx'; did you mean index? There are: ingest, index");
        assertThatThrownBy(() -> Settings.load(Map.of("services", "")))
                .hasMessageContaining("services: name at least one");
        assertThatThrownBy(() -> Settings.load(Map.of("instance.name", "two words")))
                .hasMessageContaining("instance.name");
    }

    @Test
    void aServiceOfItsOwnNeedsWhatItSharesWithTheOthers() {
        assertThatThrownBy(() -> Settings.load(Map.of("services", "index", "database.url", "jdbc:sqlite:/a")))
                .hasMessageContaining("4 settings are wrong")
                .hasMessageContaining("kafka.bootstrap.servers: needed with services=index")
                .hasMessageContaining("database.url: needed")
                .hasMessageContaining("content.dir: needed")
                .hasMessageContaining("content.master.key.file: needed");
        Settings settings = Settings.load(Map.of(
                "services", "ingest",
                "instance.name", "ingest-1",
                "kafka.bootstrap.servers", "kafka:9092",
                "database.url", "jdbc:postgresql://db:5432/palimpsest",
                "content.dir", "/srv/content",
                "content.master.key.file", "/srv/master.key"));
        assertThat(settings.services().runs(ServiceSettings.Service.INGEST)).isTrue();
        assertThat(settings.services().runs(ServiceSettings.Service.INDEX)).isFalse();
        assertThat(settings.services().instance()).contains("ingest-1");
    }

    @Test
    void retrainingElsewhereThanTheIndexNeedsItsAddress() {
        assertThatThrownBy(() -> Settings.load(Map.of("services", "ingest,retrain")))
                .hasMessageContaining("retrain.index.address: needed with services=ingest,retrain");
        Settings settings = Settings.load(Map.of(
                "services", "retrain",
                "kafka.bootstrap.servers", "kafka:9092",
                "database.url", "jdbc:postgresql://db:5432/palimpsest",
                "content.dir", "/srv/content",
                "content.master.key.file", "/srv/master.key",
                "retrain.index.address", "https://index:8080",
                "retrain.index.ca.file", "/srv/ca.pem"));
        assertThat(settings.retrain().index()).contains(java.net.URI.create("https://index:8080"));
        assertThat(settings.retrain().indexCaFile()).contains(java.nio.file.Path.of("/srv/ca.pem"));
        assertThat(settings.retrain().indexKey().isPresent()).isFalse();
    }

    @Test
    void anEndpointMustBeAnAddress() {
        assertThatThrownBy(() -> Settings.load(Map.of("answer.endpoint", "llm.example.org", "embed.endpoint", "x:y z")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("answer.endpoint")
                .hasMessageContaining("embed.endpoint");
    }

    @Test
    void keysOfBridgesLeaveOverTlsOrStayOnThisMachine() {
        for (String address :
                List.of("http://other.example.org", "http://127.0.0.1.example.org", "http://10.0.0.1:5000")) {
            assertThatThrownBy(() -> Settings.load(
                            Map.of("lineage.transport", "http", "lineage.url", address, "lineage.key", "secret-key")))
                    .hasMessageContaining("lineage.url: must be an https: address, or http: on loopback")
                    .hasMessageNotContaining("secret-key");
            assertThatThrownBy(() -> Settings.load(Map.of("mlflow.uri", address, "mlflow.key", "secret-key")))
                    .hasMessageContaining("mlflow.uri: must be an https: address, or http: on loopback")
                    .hasMessageNotContaining("secret-key");
            assertThat(Settings.load(Map.of("mlflow.uri", address)).mlflow().uri())
                    .contains(URI.create(address));
            assertThat(Settings.load(Map.of("lineage.transport", "http", "lineage.url", address))
                            .lineage()
                            .url())
                    .contains(URI.create(address));
        }
        for (String address : List.of("https://other.example.org", "http://127.0.0.1:5000", "http://localhost:5000")) {
            Settings settings = Settings.load(Map.of(
                    "lineage.transport", "http",
                    "lineage.url", address,
                    "lineage.key", "secret-key",
                    "mlflow.uri", address,
                    "mlflow.key", "secret-key"));
            assertThat(settings.lineage().key().isPresent()).isTrue();
            assertThat(settings.mlflow().key().isPresent()).isTrue();
        }
    }

    @Test
    void contentInS3NeedsABucketAndBothKeysOrNeither() {
        assertThatThrownBy(() -> Settings.load(Map.of(
                        "content.store", "s3",
                        "content.s3.endpoint", "http://key:word@s3.example.org",
                        "content.s3.access.key", "AKIA",
                        "content.s3.prefix", "/a")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContainingAll(
                        "content.s3.bucket: content.store = s3 needs a bucket",
                        "content.s3.access.key and content.s3.secret.key: give both or neither",
                        "content.s3.endpoint: give keys as",
                        "content.s3.prefix");
        assertThat(Settings.load(Map.of("content.s3.endpoint", "http://s3.example.org"))
                        .content()
                        .s3())
                .isEmpty();

        S3ContentSettings s3 = Settings.load(
                        Map.of("content.store", "s3", "content.s3.bucket", "b", "content.s3.prefix", "a/b"))
                .content()
                .s3()
                .orElseThrow();
        assertThat(s3.prefix()).isEqualTo("a/b/");
        assertThat(s3.access().address()).isEqualTo("AWS us-east-1");
    }

    @Test
    void watchedBucketsAreNamedOnceAndNeverTheContentStores() {
        assertThatThrownBy(() -> Settings.load(Map.of("s3.source.buckets", "a=bbb,a=ccc,no-bucket")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContainingAll("two of the name a", "'no-bucket' is not NAME=BUCKET");
        assertThatThrownBy(() -> Settings.load(Map.of(
                        "s3.source.buckets", "a=bbb,c=bbb/other/,d=bbb/mine/too/",
                        "content.store", "s3",
                        "content.s3.bucket", "bbb",
                        "content.s3.prefix", "mine")))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContainingAll("s3.source.buckets: a contains", "s3.source.buckets: d contains")
                .message()
                .doesNotContain("c contains");

        assertThat(Settings.load(Map.of("s3.source.buckets", "a=bbb/c/d, e=fff"))
                        .s3Source()
                        .buckets())
                .containsExactly(
                        new S3SourceSettings.Watched("a", "bbb", "c/d"), new S3SourceSettings.Watched("e", "fff", ""));
    }

    @Test
    void secretsNeverPrintThemselves() {
        Settings settings = Settings.load(Map.of(
                "answer.endpoint.key", "hunter2",
                "http.tls.password", "hunter2",
                "database.password", "hunter2",
                "content.store", "s3",
                "content.s3.bucket", "b",
                "content.s3.access.key", "hunter2",
                "content.s3.secret.key", "hunter2",
                "kafka.client.sasl.jaas.config", "hunter2"));

        assertThat(settings.answer().endpointKey().value()).isEqualTo("hunter2");
        assertThat(settings.toString()).contains("***").doesNotContain("hunter2");
    }

    @Test
    void laterSourcesOverrideEarlierOnes(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("palimpsest.properties"),
                "http.port=1000\nextract.workers=7\nembed.threads=3\n# a comment\n");

        Settings settings = new SettingSources()
                .file(file)
                .environment(Map.of(
                        "PALIMPSEST_HTTP_PORT",
                        "2000",
                        "PALIMPSEST_EMBED_THREADS",
                        "5",
                        "PALIMPSEST_KEY",
                        "x",
                        "PATH",
                        "y"))
                .assignments(List.of("http.port=3000", "answer.endpoint.model=a=b"))
                .load();

        assertThat(settings.http().port()).isEqualTo(3000);
        assertThat(settings.embed().threads()).isEqualTo(5);
        assertThat(settings.extract().workers()).isEqualTo(7);
        assertThat(settings.answer().endpointModel()).isEqualTo("a=b");
    }

    @Test
    void editDistanceCountsSingleEdits() {
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
        assertThat(NearestName.distance("same", "same")).isZero();
    }
}
