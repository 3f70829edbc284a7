package io.palimpsest.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A generated page of {@code infra/docs/reference}, compared with the one in the repository. */
public final class ReferencePage {
    private ReferencePage() {}

    /** With {@code -Dpalimpsest.regenerate=true} the page is written instead. */
    public static void check(String name, String generated) throws IOException {
        Path page = Path.of(Objects.requireNonNull(System.getProperty("palimpsest.root")))
                .resolve("infra/docs/reference")
                .resolve(name);
        if (Boolean.getBoolean("palimpsest.regenerate")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, generated);
        }
        assertThat(page)
                .as("the page differs from the code: run its test with -Dpalimpsest.regenerate=true")
                .exists()
                .content()
                .isEqualTo(generated);
    }

    /** As one cell of a Markdown table. */
    public static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
