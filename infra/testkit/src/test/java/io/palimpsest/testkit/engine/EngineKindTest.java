package io.palimpsest.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineKindTest {
    @ParameterizedTest
    @EnumSource
    void everyEngineHasAnImageOfAPinnedVersion(EngineKind kind) {
        assertThat(kind.image().asCanonicalNameString()).matches(".+:v?\\d+(\\.\\d+)+");
    }

    @ParameterizedTest
    @EnumSource
    void variableOfAnEngineIsNotTakenForASettingOfTheServicesThatTestsStart(EngineKind kind) {
        assertThat(kind.variable()).startsWith("TESTKIT_").doesNotStartWith("PALIMPSEST_");
    }

    @Test
    void brokerInTheContainerIsOfTheClientsVersion() {
        assertThat(EngineKind.KAFKA.image().getVersionPart()).isEqualTo(AppInfoParser.getVersion());
    }

    @Test
    void platformsImageStandsOnTheOneThatIsBuiltForTests() throws IOException {
        Properties images = new Properties();
        try (InputStream in = EngineKind.class.getResourceAsStream("images.properties")) {
            images.load(in);
        }
        Path pom = Path.of(System.getProperty("palimpsest.root"), "pom.xml");

        assertThat(pom).content().contains("<image.base>" + images.getProperty("java") + "</image.base>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:se%40cret@db.example:5433/things",
                "jdbc:postgresql://db.example:5433/things?user=me&password=se%40cret",
                "jdbc:postgresql://me:se%40cret@db.example:5433/things?ssl=false"
            })
    void postgresIsGivenByAddress(String address) {
        PostgresEngine engine = PostgresEngine.at(address);

        assertThat(engine.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:5433/things");
        assertThat(engine.user()).isEqualTo("me");
        assertThat(engine.password()).isEqualTo("se@cret");
    }

    @Test
    void weaviateIsGivenByAddress() {
        assertThat(WeaviateEngine.at("example:8080:50051").httpUrl()).isEqualTo("http://example:8080");
        assertThat(WeaviateEngine.at("example:8080:50051").grpcPort()).isEqualTo(50051);
        assertThatThrownBy(() -> WeaviateEngine.at("example:8080"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TESTKIT_WEAVIATE is host:httpPort:grpcPort");
    }

    @Test
    void s3IsGivenByAddress() {
        S3Engine engine = S3Engine.at("http://key:secret@example:9000");

        assertThat(engine.endpoint()).isEqualTo(URI.create("http://example:9000"));
        assertThat(engine.accessKey()).isEqualTo("key");
        assertThat(engine.secretKey()).isEqualTo("secret");
        assertThatThrownBy(() -> S3Engine.at("http://example:9000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TESTKIT_S3 is http://accessKey:secretKey@host:port");
    }
}
