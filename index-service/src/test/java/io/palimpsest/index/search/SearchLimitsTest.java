package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullUnmarked // as Jackson makes them
final class SearchLimitsTest {
    @Test
    void labelWithoutValueIsRefused() {
        java.util.HashMap<String, String> labels = new java.util.HashMap<>();
        labels.put("a", null);
        refused(() -> request(labels, null));
    }

    @Test
    void momentsThatNoClockReachesAreRefused() {
        refused(() -> request(Map.of(), Instant.parse("+999999999-01-01T00:00:00Z")));
        refused(() -> request(Map.of(), Instant.MIN));
    }

    @Test
    void durationThatOverflowsIsRefused() {
        refused(() -> MinFreshness.parse("PT9999999999999999S"));
        refused(() -> MinFreshness.parse("PT99999999999999999S"));
    }

    private static SearchRequest request(Map<String, String> labels, @Nullable Instant asOf) {
        return new SearchRequest(
                "q", 1, SearchMode.HYBRID, FusionMethod.SCORES, 0.5f, labels, asOf, null, false, false, false);
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.code())
                                .isEqualTo(ErrorCode.QUERY_INVALID));
    }
}
