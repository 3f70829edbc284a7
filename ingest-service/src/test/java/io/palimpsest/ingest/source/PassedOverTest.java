package io.palimpsest.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class PassedOverTest {
    private static final PassedOver.Reason LARGE =
            new PassedOver.Reason(ErrorCode.FETCH_TOO_LARGE, "9 bytes, at most 8");

    private final PassedOver files = new PassedOver();

    @Test
    void aMissingRightIsToldFromATroubledDisk() {
        assertThat(PassedOver.Reason.of(new AccessDeniedException("/watched/secret.md")))
                .isEqualTo(new PassedOver.Reason(ErrorCode.FILE_UNREADABLE, "no right to read it"));
        assertThat(PassedOver.Reason.of(new IOException("Input/output error")))
                .isEqualTo(new PassedOver.Reason(ErrorCode.FETCH_FAILED, "IOException"));
    }

    @Test
    void aLookKeepsWhatItMeetsAgain() {
        files.add("a", LARGE);
        files.add("b", LARGE);
        files.lookBegins();
        assertThat(files.count()).isEqualTo(2);
        files.add("b", LARGE);
        files.lookEnded();
        assertThat(files.told()).extracting(PassedOver.Entry::path).containsExactly("b");
    }

    @Test
    void theSameFileCountsOnceAndAllCountThoughNotAllAreTold() {
        for (int i = 0; i <= PassedOver.TOLD; i++) {
            files.add("file" + i, LARGE);
            files.add("file" + i, LARGE);
        }
        assertThat(files.count()).isEqualTo(PassedOver.TOLD + 1);
        assertThat(files.told()).hasSize(PassedOver.TOLD).first().satisfies(file -> {
            assertThat(file.hint()).isEqualTo(ErrorCode.FETCH_TOO_LARGE.hint());
            assertThat(file.message()).isEqualTo("9 bytes, at most 8");
        });
    }

    @Test
    void aLongPathIsShortened() {
        files.add("d".repeat(5_000), LARGE);
        assertThat(files.told().getFirst().path()).hasSize(203).endsWith("...");
        files.remove("d".repeat(5_000));
        assertThat(files.count()).isZero();
    }
}
