package io.palimpsest.platform.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbedderTokenizerTest {
    private static final Path NATIVES = Path.of("target", "natives").toAbsolutePath();

    private final EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(NATIVES);

    @AfterAll
    void close() {
        tokenizer.close();
    }

    @Test
    void specialTokensAreEncodedButNotCounted() {
        assertThat(tokenizer.count("hello world")).isEqualTo(2);
        assertThat(tokenizer.encode("hello world", 512).ids()).containsExactly(101, 7592, 2088, 102);
        assertThat(tokenizer.count("")).isZero();
        assertThat(tokenizer.counts(List.of("", "hello", "hello world"))).containsExactly(0, 1, 2);
    }

    @Test
    void nothingIsCutOrPaddedAtTheFilesOwn128() {
        Tokens tokens = tokenizer.encode("word ".repeat(300), 512);

        assertThat(tokens.length()).isEqualTo(302);
        assertThat(tokens.truncated()).isFalse();
        assertThat(tokenizer.encode("word", 512).length()).isEqualTo(3);
    }

    @Test
    void cutTextKeepsItsEndTokenAndItsRealLength() {
        Tokens tokens = tokenizer.encode("word ".repeat(600), 512);

        assertThat(tokens.length()).isEqualTo(512);
        assertThat(tokens.ids()[511]).isEqualTo(102);
        assertThat(tokens.uncutLength()).isEqualTo(602);
        assertThat(tokens.truncated()).isTrue();
    }

    @Test
    void anyStringIsTaken() {
        for (String text : List.of("\ud83d", "a\udc00b", "🙂", "\u0000", "\u202e", "e\u0301")) {
            assertThat(tokenizer.encode(text, 512).length()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void fileThatIsNoTokenizerIsRefused() {
        byte[] broken = "{}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> new EmbedderTokenizer(broken, NATIVES))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_MISSING));
    }

    @Test
    void nothingIsReportedOrFetched() {
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(NATIVES.resolve("tokenizers")).isDirectory();
    }
}
