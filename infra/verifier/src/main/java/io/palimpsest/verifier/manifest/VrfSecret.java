package io.palimpsest.verifier.manifest;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Secret half of a {@link VrfKey}: whoever has it can find documents in manifests by guessing, and nobody else can.
 *
 * <p>Threading: immutable. A proof takes about a millisecond.
 */
public final class VrfSecret {
    private static final int PRIME_BITS = VrfKey.BITS / 2;
    private static final int PRIME_SIZE = PRIME_BITS / Byte.SIZE;

    private final VrfKey key;
    private final BigInteger p;
    private final BigInteger q;
    private final BigInteger dp;
    private final BigInteger dq;
    private final BigInteger inverse;

    private VrfSecret(BigInteger p, BigInteger q) {
        this.p = p;
        this.q = q;
        this.key = new VrfKey(p.multiply(q));
        BigInteger one = BigInteger.ONE;
        this.dp = VrfKey.EXPONENT.modInverse(p.subtract(one));
        this.dq = VrfKey.EXPONENT.modInverse(q.subtract(one));
        this.inverse = q.modInverse(p);
    }

    public static VrfSecret generate(SecureRandom random) {
        while (true) {
            BigInteger p = BigInteger.probablePrime(PRIME_BITS, random);
            BigInteger q = BigInteger.probablePrime(PRIME_BITS, random);
            if (!p.equals(q) && p.multiply(q).bitLength() == VrfKey.BITS) {
                return new VrfSecret(p, q);
            }
        }
    }

    /** @throws IllegalArgumentException when {@link #bytes} did not write them */
    public static VrfSecret of(byte[] bytes) {
        if (bytes.length != 2 * PRIME_SIZE) {
            throw new IllegalArgumentException("a key of manifests has " + 2 * PRIME_SIZE + " bytes");
        }
        return new VrfSecret(
                new BigInteger(1, Arrays.copyOf(bytes, PRIME_SIZE)),
                new BigInteger(1, Arrays.copyOfRange(bytes, PRIME_SIZE, bytes.length)));
    }

    /** To be kept secret: both primes, 128 bytes each. */
    public byte[] bytes() {
        byte[] first = VrfKey.padded(p);
        byte[] second = VrfKey.padded(q);
        return VrfKey.joined(
                Arrays.copyOfRange(first, PRIME_SIZE, first.length),
                Arrays.copyOfRange(second, PRIME_SIZE, second.length));
    }

    public VrfKey key() {
        return key;
    }

    /** @return 256 bytes, always the same for an input */
    public byte[] prove(byte[] input) {
        BigInteger encoded = key.encode(input);
        BigInteger modP = encoded.modPow(dp, p);
        BigInteger modQ = encoded.modPow(dq, q);
        BigInteger step = inverse.multiply(modP.subtract(modQ)).mod(p);
        return VrfKey.padded(modQ.add(q.multiply(step)));
    }
}
