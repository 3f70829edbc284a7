package io.palimpsest.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ErrorReferenceTest {
    private static final Path PAGE =
            Path.of(System.getProperty("palimpsest.root", "."), "infra/docs/reference/errors.md");

    @Test
    void idsAreUniqueAndEveryCodeSaysWhatToDo() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::id)).doesNotHaveDuplicates();
        assertThat(ErrorCode.values()).allSatisfy(code -> {
            assertThat(code.id()).matches("PAL-[1-9][0-9]{2}");
            assertThat(code.hint()).endsWith(".");
        });
    }

    @Test
    void referencePageIsTheCodes() throws IOException {
        if (Boolean.getBoolean("palimpsest.regenerate")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE))
                .as("regenerate with ./mvnw verify -Dpalimpsest.regenerate=true")
                .isEqualTo(page());
    }

    private static String page() {
        StringBuilder page = new StringBuilder(
                "# Errors\n\nGenerated from `ErrorCode`.\n\n| code | name | HTTP | next | what to do |\n|---|---|---|---|---|\n");
        for (ErrorCode code : ErrorCode.values()) {
            page.append("| ")
                    .append(code.id())
                    .append(" | `")
                    .append(code.name())
                    .append("` | ")
                    .append(code.httpStatus())
                    .append(" | ")
                    .append(code.next())
                    .append(" | ")
                    .append(code.hint())
                    .append(" |\n");
        }
        return page.toString();
    }
}
