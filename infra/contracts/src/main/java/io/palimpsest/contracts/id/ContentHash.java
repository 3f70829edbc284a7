package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, 64 lower-case hex digits. */
public record ContentHash(@JsonValue String value) implements Comparable<ContentHash> {
    @JsonCreator
    public ContentHash {
        if (value.length() != 64 || !value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("not a SHA-256 in 64 lower-case hex digits");
        }
    }

    public static ContentHash of(byte[] bytes) {
        return new ContentHash(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /** Of all that is still to be read, which may be more than the heap holds; the stream stays the caller's to close. */
    public static ContentHash of(InputStream content) throws IOException {
        DigestInputStream digested = new DigestInputStream(content, sha256());
        digested.transferTo(OutputStream.nullOutputStream());
        return new ContentHash(
                HexFormat.of().formatHex(digested.getMessageDigest().digest()));
    }

    /** Of the UTF-8 bytes. */
    public static ContentHash ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(ContentHash other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
