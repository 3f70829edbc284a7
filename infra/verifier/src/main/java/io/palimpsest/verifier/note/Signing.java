package io.palimpsest.verifier.note;

import java.security.PrivateKey;

/** An Ed25519 key that signs, wherever it is: in a file, a device, a service. Threading: safe. */
@FunctionalInterface
public interface Signing {
    /**
     * @return 64 bytes (RFC 8032 §5.1.6)
     * @throws RuntimeException where it does not sign now
     */
    byte[] sign(byte[] message);

    /** With a key of a JDK provider, which need not leave its device. */
    static Signing of(PrivateKey key) {
        return message -> Ed25519.sign(key, message);
    }
}
