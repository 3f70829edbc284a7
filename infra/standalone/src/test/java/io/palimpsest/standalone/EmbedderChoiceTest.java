package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedderChoiceTest {
    @TempDir
    private Path directory;

    @Test
    void anEndpointThatWouldCutPassagesIsRefused() {
        assertThatThrownBy(() -> choice(256))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("embed.endpoint.max.tokens");
    }

    @Test
    void anEndpointThatTakesPassagesWholeIsTaken() {
        try (var embedder = choice(512).embedder()) {
            assertThat(embedder.maxTokens()).isEqualTo(512);
        }
    }

    private EmbedderChoice choice(int maxTokens) {
        Settings settings = Settings.load(Map.of(
                "data.dir",
                directory.toString(),
                "embed.endpoint",
                "http://127.0.0.1:9/v1",
                "embed.endpoint.model",
                "some-model",
                "embed.endpoint.dimensions",
                "8",
                "embed.endpoint.max.tokens",
                Integer.toString(maxTokens)));
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(directory.resolve("natives"))) {
            return EmbedderChoice.of(settings, tokenizer);
        }
    }
}
