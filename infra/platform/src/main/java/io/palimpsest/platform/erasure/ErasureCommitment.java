package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.verifier.entry.Commitment;

/**
 * What a certificate says of its document without naming it: {@link Commitment#inner} of a nonce of 32 random bytes, tenant,
 * collection and the document's key. The nonce is given to who asks for the erasure and kept nowhere; with it, and the document's id,
 * anybody can check that a certificate is about that document.
 */
public final class ErasureCommitment {
    private ErasureCommitment() {}

    /** @return hex */
    public static String of(byte[] nonce, DocumentKey document) {
        return Commitment.inner(
                        nonce, document.tenant().value(), document.collection().value(), document.toString())
                .hex();
    }
}
