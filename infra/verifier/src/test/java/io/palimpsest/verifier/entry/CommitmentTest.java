package io.palimpsest.verifier.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.verifier.merkle.Hash;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class CommitmentTest {
    private static final byte[] OPENING =
            HexFormat.of().parseHex("2496415c484c6fee0f8623fe49e0d56372cdf0ec180ae3f5d30dadea51c2d174");
    private static final byte[] SALT =
            HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    /** Golden: computed with Python's hashlib over the layout in the Javadoc. */
    @Test
    void commitmentsKeepTheirBytes() {
        Hash inner = Commitment.inner(OPENING, "acme", "handbook", "acme/handbook/https://example.org/a");
        assertThat(inner.hex()).isEqualTo("683d85993db9d8082e46d40def05a82933bfa06ad7d251b35d8bf5bbaecb414f");
        assertThat(Commitment.subject(SALT, inner).hex())
                .isEqualTo("dc1cc885368d0b1f04d8afd4ba023d5f5e69baa8222d8245f1eacb15bd1db588");
        assertThat(Commitment.scope(SALT, "acme", "handbook").hex())
                .isEqualTo("dd258067228b63f377fc2f63d1e3e4c3319932b28a799ca7d1dc0dec400c5622");
    }

    @Test
    void fieldsCannotRunIntoEachOther() {
        assertThat(Commitment.scope(SALT, "ab", "c")).isNotEqualTo(Commitment.scope(SALT, "a", "bc"));
        assertThat(Commitment.inner(OPENING, "a", "", "bc")).isNotEqualTo(Commitment.inner(OPENING, "a", "b", "c"));
    }
}
