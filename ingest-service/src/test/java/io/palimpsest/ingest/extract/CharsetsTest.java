package io.palimpsest.ingest.extract;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.ingest.extract.ExtractionOutcome.Extracted;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text without a word about its charset, and with a right or a wrong one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CharsetsTest {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    @TempDir
    static Path dir = Path.of("");

    @SuppressWarnings("NullAway.Init") // set in start(), which needs the folder
    private ForkedExtractor extractor;

    @BeforeAll
    void start() {
        extractor = new ForkedExtractor(
                ExtractLimits.DEFAULT,
                dir.resolve("work"),
                source -> new ExtractedDocument(null, "text/markdown", source, List.of(), Map.of()),
                ForkSettings.DEFAULT);
    }

    @AfterAll
    void stop() {
        extractor.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Grüße aus Köln",
                "Müller",
                "Die Prüfung der Größenänderung übernimmt Frau Jäger – „mit Übermaß“, wie es heißt.",
                "The “quick” brown fox’s den — it costs 5 € a night…",
                "It’s here",
                "L’été dernier, nous avons mangé à Orléans ; c’était très bien, ça va de soi.",
                "El niño comió jamón en España. ¿Qué más? ¡Olé!",
                "Smörgåsbord på svenska är gott, och också på ön Åland."
            })
    void textIsReadAsItWasWrittenWhicheverOfTheCommonCharsetsItIsIn(String text) throws IOException {
        for (String name : List.of("note.txt", "page.html")) {
            String body = name.endsWith(".html") ? "<html><body><p>" + text + "</p></body></html>" : text;
            assertThat(read(name, body.getBytes(WINDOWS_1252), null))
                    .as(name + " in windows-1252")
                    .isEqualTo(text);
            assertThat(read(name, body.getBytes(UTF_8), null))
                    .as(name + " in UTF-8")
                    .isEqualTo(text);
        }
        assertThat(read("note.txt", text.getBytes(WINDOWS_1252), "text/plain")).isEqualTo(text);
        assertThat(read("note.txt", text.getBytes(UTF_8), "text/plain; charset=utf-8"))
                .isEqualTo(text);
        assertThat(read("note.txt", text.getBytes(WINDOWS_1252), "text/plain; charset=windows-1252"))
                .isEqualTo(text);
        String cell = text.replaceAll(" ?[,;]", "");
        assertThat(read("table.csv", ("Text;Zahl\n" + cell + ";1").getBytes(WINDOWS_1252), "text/csv"))
                .contains(cell);
        assertThat(read("note.txt", ("\uFEFF" + text).getBytes(UTF_16LE), null)).isEqualTo(text);
        assertThat(read("note.txt", ("\uFEFF" + text).getBytes(UTF_8), null)).isEqualTo(text);
    }

    @Test
    void otherAlphabetsAreStillTold() throws IOException {
        String russian =
                "Изменённый документ появляется в поиске через несколько секунд, а удалённый исчезает навсегда. "
                        .repeat(6)
                        .strip();
        assertThat(read("ru.txt", russian.getBytes(Charset.forName("windows-1251")), null))
                .isEqualTo(russian);
        assertThat(read("ru.txt", russian.getBytes(UTF_8), null)).isEqualTo(russian);
        String polish = "Zażółć gęślą jaźń. Pchnąć w tę łódź jeża lub ośm skrzyń fig. "
                .repeat(8)
                .strip();
        assertThat(read("pl.txt", polish.getBytes(Charset.forName("windows-1250")), null))
                .isEqualTo(polish);
        String japanese = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。".repeat(4);
        assertThat(read("ja.txt", japanese.getBytes(Charset.forName("Shift_JIS")), null))
                .isEqualTo(japanese);
    }

    @Test
    void textWithoutAnythingBeyondAsciiIsItself() throws IOException {
        assertThat(read("ascii.txt", "plain old text".getBytes(UTF_8), null)).isEqualTo("plain old text");
    }

    /** The broken character alone is lost, and is seen to be. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain; charset=utf-8", "text/plain", "text/markdown"})
    void damagedUtf8StaysUtf8(String contentType) throws IOException {
        byte[] bytes = "The café is open on Sundays, naïve as it sounds, voilà.".getBytes(UTF_8);
        bytes[8] = 'X'; // the second byte of é
        String name = contentType.endsWith("markdown") ? "bad.md" : "bad.txt";
        assertThat(read(name, bytes, contentType))
                .isEqualTo("The caf\uFFFDX is open on Sundays, naïve as it sounds, voilà.");
    }

    private String read(String name, byte[] bytes, @Nullable String contentType) throws IOException {
        Path file = Files.write(dir.resolve(name), bytes);
        ExtractionOutcome outcome = extractor.extract(file, contentType, name);
        assertThat(outcome)
                .as(name + " " + new String(bytes, StandardCharsets.ISO_8859_1))
                .isInstanceOf(Extracted.class);
        return ((Extracted) outcome).document().text();
    }
}
