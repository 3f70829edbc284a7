package io.palimpsest.verifier.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Signs notes, or cosigns them as a witness, by a private key that may be in a file, in a device by its JDK provider
 * (PKCS#11), or behind any other {@link Signing}.
 *
 * <p>Threading: safe.
 */
public final class NoteSigner {
    private static final String PREFIX = "PRIVATE+KEY+";

    private final NoteKey key;
    private final Signing signing;
    private final @Nullable PrivateKey secret;
    private final Clock clock;

    /** @param clock of the time that a witness states */
    public NoteSigner(NoteKey key, PrivateKey secret, Clock clock) {
        this.key = key;
        this.signing = Signing.of(secret);
        this.secret = secret;
        this.clock = clock;
    }

    /** With a key that is not in this process: what it signs is verified each time. */
    public NoteSigner(NoteKey key, Signing signing, Clock clock) {
        this.key = key;
        this.signing = signing;
        this.secret = null;
        this.clock = clock;
    }

    /** With a new key. */
    public static NoteSigner generate(String name, KeyType type, Clock clock) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new NoteSigner(new NoteKey(name, type, pair.getPublic()), pair.getPrivate(), clock);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every Java platform", e);
        }
    }

    /**
     * A key that {@link #text} wrote.
     *
     * @throws IllegalArgumentException with the reason, which does not hold the key
     */
    public static NoteSigner parse(String text, Clock clock) {
        String[] lines = text.strip().split("\n");
        String[] parts = lines[0].split("\\+", 5);
        if (lines.length != 2 || parts.length != 5 || !lines[0].startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "a key file has two lines: " + PREFIX + "name+id+Base64, and the verifier key");
        }
        NoteKey key = NoteKey.parse(lines[1]);
        byte[] secret = Base64.getDecoder().decode(parts[4]);
        if (secret.length != 1 + Ed25519.KEY_SIZE || secret[0] != key.type().code()) {
            throw new IllegalArgumentException("the first line of a key file holds no " + key.type());
        }
        NoteSigner signer =
                new NoteSigner(key, Ed25519.privateKey(Arrays.copyOfRange(secret, 1, secret.length)), clock);
        String probe = "probe\n";
        if (!key.verifies(probe, signer.sign(probe).bytes())) {
            throw new IllegalArgumentException("the two lines of the key file are not of one key");
        }
        return signer;
    }

    /**
     * To be kept secret: {@code PRIVATE+KEY+<name>+<id>+<Base64 of type and 32 bytes>}, as Go's {@code note} has it, and the
     * verifier key in a second line.
     *
     * @throws IllegalStateException when the key does not leave its device
     */
    public String text() {
        byte[] encoded = secret == null ? null : secret.getEncoded();
        if (encoded == null) {
            throw new IllegalStateException("the key does not leave its device");
        }
        byte[] typed = new byte[1 + Ed25519.KEY_SIZE];
        typed[0] = key.type().code();
        System.arraycopy(encoded, encoded.length - Ed25519.KEY_SIZE, typed, 1, Ed25519.KEY_SIZE);
        return PREFIX + key.name() + "+" + HexFormat.of().toHexDigits(key.id()) + "+"
                + Base64.getEncoder().encodeToString(typed) + "\n" + key.text() + "\n";
    }

    public NoteKey key() {
        return key;
    }

    /**
     * @param text ends with a newline
     * @throws RuntimeException where a key that is not in this process does not sign, or another one did
     */
    public NoteSignature sign(String text) {
        byte[] signature = switch (key.type()) {
            case ED25519 -> signing.sign(text.getBytes(StandardCharsets.UTF_8));
            case COSIGNATURE_V1 -> Cosignature.sign(signing, text, clock.instant());
        };
        if (secret == null && !key.verifies(text, signature)) {
            throw new IllegalStateException("what signs for " + key.name() + " is not the key " + key.text());
        }
        return NoteSignature.of(key, signature);
    }
}
