package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * Public half of a verifiable random function: RSA-FDH-VRF-SHA256 of RFC 9381 §4 with a modulus of 2,048 bits, and {@link
 * #EXPONENT} as everybody's public exponent. Of each input there is one output, which only the key's owner can compute, and
 * everybody can check.
 *
 * <p>The exponent is a prime larger than any modulus, so none of its owner's making has two outputs of one input (RFC 9381
 * §7.1.1: with a small exponent that would have to be believed).
 */
public record VrfKey(BigInteger modulus) {
    /** The Mersenne prime M2203. */
    public static final BigInteger EXPONENT = BigInteger.ONE.shiftLeft(2203).subtract(BigInteger.ONE);

    static final int BITS = 2048;

    /** Bytes of a modulus, and of a proof. */
    public static final int SIZE = BITS / Byte.SIZE;

    private static final byte SUITE = 1;
    private static final byte ENCODE = 1;
    private static final byte OUTPUT = 2;

    public VrfKey {
        if (modulus.signum() <= 0 || modulus.bitLength() != BITS || !modulus.testBit(0)) {
            throw new IllegalArgumentException("the modulus is odd and has " + BITS + " bits");
        }
    }

    /** @throws IllegalArgumentException when this is not the standard Base64 of a modulus */
    public static VrfKey parse(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("the modulus has " + SIZE + " bytes, not " + bytes.length);
        }
        return new VrfKey(new BigInteger(1, bytes));
    }

    public String text() {
        return Base64.getEncoder().encodeToString(padded(modulus));
    }

    /** What manifests are bound to the key by: {@code SHA-256("palimpsest vrf v1", modulus)}. */
    public Hash fingerprint() {
        return Hash.sha256(joined("palimpsest vrf v1".getBytes(US_ASCII), padded(modulus)));
    }

    /**
     * The output for this input.
     *
     * @throws InvalidProofException when the proof does not show it
     */
    public Hash verify(byte[] input, byte[] proof) throws InvalidProofException {
        BigInteger root = new BigInteger(1, proof);
        BigInteger encoded = encode(input);
        if (proof.length != SIZE
                || root.compareTo(modulus) >= 0
                // Only units have one root each under a modulus of anybody's making.
                || !encoded.gcd(modulus).equals(BigInteger.ONE)
                || !root.modPow(EXPONENT, modulus).equals(encoded)) {
            throw new InvalidProofException("the proof of the document's place is not one of this key");
        }
        return output(proof);
    }

    /** RFC 9381 §4.1, step 2: shorter than the modulus by a byte. */
    BigInteger encode(byte[] input) {
        byte[] salt = joined(ByteBuffer.allocate(Integer.BYTES).putInt(SIZE).array(), padded(modulus));
        byte[] seed = joined(new byte[] {SUITE, ENCODE}, salt, input);
        ByteArrayOutputStream mask = new ByteArrayOutputStream(); // MGF1, RFC 8017 §B.2.1
        for (int counter = 0; mask.size() < SIZE - 1; counter++) {
            mask.writeBytes(Hash.sha256(joined(
                            seed,
                            ByteBuffer.allocate(Integer.BYTES).putInt(counter).array()))
                    .bytes());
        }
        return new BigInteger(1, Arrays.copyOf(mask.toByteArray(), SIZE - 1));
    }

    /** RFC 9381 §4.2. */
    public static Hash output(byte[] proof) {
        return Hash.sha256(joined(new byte[] {SUITE, OUTPUT}, proof));
    }

    static byte[] padded(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[SIZE];
        int length = Math.min(bytes.length, SIZE);
        System.arraycopy(bytes, bytes.length - length, padded, SIZE - length, length);
        return padded;
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
