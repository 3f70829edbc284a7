package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.merkle.InvalidProofException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

final class VrfKeyTest {
    private static final byte[] INPUT = "input".getBytes(UTF_8);

    private final VrfSecret secret = VrfSecret.generate(new SecureRandom());

    @Test
    void theExponentIsAPrimeLargerThanAnyModulus() {
        assertThat(VrfKey.EXPONENT.isProbablePrime(20)).isTrue();
        assertThat(VrfKey.EXPONENT.bitLength()).isGreaterThan(VrfKey.BITS);
    }

    @Test
    void theOutputIsTheSameEachTimeAndVerifies() throws Exception {
        byte[] proof = secret.prove(INPUT);
        assertThat(VrfSecret.of(secret.bytes()).prove(INPUT)).isEqualTo(proof);
        assertThat(VrfKey.parse(secret.key().text()).verify(INPUT, proof)).isEqualTo(VrfKey.output(proof));
    }

    @Test
    void anotherInputKeyOrProofIsRefused() {
        byte[] proof = secret.prove(INPUT);
        assertThatThrownBy(() -> secret.key().verify("inpux".getBytes(UTF_8), proof))
                .isInstanceOf(InvalidProofException.class);
        VrfKey other = VrfSecret.generate(new SecureRandom()).key();
        assertThatThrownBy(() -> other.verify(INPUT, proof)).isInstanceOf(InvalidProofException.class);
        byte[] changed = proof.clone();
        changed[100] ^= 1;
        assertThatThrownBy(() -> secret.key().verify(INPUT, changed)).isInstanceOf(InvalidProofException.class);
        BigInteger more = new BigInteger(1, proof).add(secret.key().modulus());
        if (more.bitLength() <= VrfKey.BITS) { // the same number, written otherwise
            byte[] padded = VrfKey.padded(more);
            assertThatThrownBy(() -> secret.key().verify(INPUT, padded)).isInstanceOf(InvalidProofException.class);
        }
    }

    @Test
    void aModulusOfSmallFactorsThatGivesAnInputTwoOutputsIsRefused() {
        BigInteger small = BigInteger.valueOf(3);
        BigInteger square = small.pow(VrfKey.BITS); // far too long, cut to a power of three of the right length
        while (square.bitLength() > VrfKey.BITS) {
            square = square.divide(small);
        }
        while (square.bitLength() < VrfKey.BITS) {
            square = square.multiply(BigInteger.valueOf(5));
        }
        if (square.bitLength() != VrfKey.BITS) {
            square = square.divide(small);
        }
        VrfKey key = new VrfKey(square);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] input = new byte[] {(byte) i};
            if (!key.encode(input).gcd(square).equals(BigInteger.ONE)) {
                assertThatThrownBy(() -> key.verify(input, new byte[VrfKey.SIZE]))
                        .isInstanceOf(InvalidProofException.class);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void whatIsNoModulusIsRefused() {
        assertThatThrownBy(() -> VrfKey.parse("AAAA")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new VrfKey(BigInteger.TEN)).isInstanceOf(IllegalArgumentException.class);
    }
}
