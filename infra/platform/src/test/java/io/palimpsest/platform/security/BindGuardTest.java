package io.palimpsest.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BindGuardTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.8.8.8"})
    void loopbackNeedsNothing(String host) {
        assertThatCode(() -> BindGuard.check(settings(host, null, null))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "203.0.113.7"})
    void everythingElseNeedsKeysAndTls(String host) {
        assertRefused(settings(host, null, null), "http.key.file and http.tls.keystore");
        assertRefused(settings(host, "keys.json", null), "set http.tls.keystore");
        assertRefused(settings(host, null, "server.p12"), "set http.key.file");
        assertThatCode(() -> BindGuard.check(settings(host, "keys.json", "server.p12")))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertRefused(settings("not an address", null, null), "not an address");
        assertRefused(settings("", null, null), "http.host");
    }

    private static void assertRefused(HttpSettings settings, String message) {
        assertThatThrownBy(() -> BindGuard.check(settings))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining(message);
    }

    private static HttpSettings settings(String host, @Nullable String keyFile, @Nullable String keystore) {
        return new HttpSettings(
                host,
                0,
                Optional.ofNullable(keyFile).map(Path::of),
                Optional.ofNullable(keystore).map(Path::of),
                Secret.NONE,
                1 << 20);
    }
}
