package io.palimpsest.verifier.note;

/** What a key signs; the byte before it in its encoding, and in the hash of its id. */
public enum KeyType {
    /** The text of the note itself (C2SP signed-note). */
    ED25519(0x01),
    /** A witness's time and the text of a checkpoint: {@code cosignature/v1} (C2SP tlog-cosignature). */
    COSIGNATURE_V1(0x04);

    private final byte code;

    KeyType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    /** @throws IllegalArgumentException for one that is not known here */
    static KeyType of(byte code) {
        for (KeyType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "signature type " + (code & 0xff) + " is not known: only Ed25519 and cosignature/v1 are");
    }
}
