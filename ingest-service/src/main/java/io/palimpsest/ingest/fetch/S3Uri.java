package io.palimpsest.ingest.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object in text: {@code s3://bucket/key?versionId=version}, everything but letters, digits, {@code -._~} and slashes
 * percent-encoded as UTF-8.
 *
 * @param versionId null: whichever is the current one
 */
public record S3Uri(String bucket, String key, @Nullable String versionId) {
    private static final String SCHEME = "s3://";
    private static final String VERSION = "versionId=";
    private static final String UNRESERVED = "-._~/";

    /** Empty where it is not the address of an object. */
    public static Optional<S3Uri> parse(URI uri) {
        String bucket = uri.getRawAuthority();
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        boolean named = "s3".equalsIgnoreCase(uri.getScheme())
                && bucket != null
                && bucket.indexOf('@') < 0
                && path != null
                && path.length() > 1
                && uri.getRawFragment() == null;
        if (!named || (query != null && !query.startsWith(VERSION))) {
            return Optional.empty();
        }
        String version = query == null ? null : decode(query.substring(VERSION.length()));
        return Optional.of(
                new S3Uri(String.valueOf(bucket), decode(String.valueOf(path).substring(1)), version));
    }

    /** Without the version. */
    public String document() {
        return SCHEME + bucket + "/" + encode(key);
    }

    public URI uri() {
        return URI.create(document() + (versionId == null ? "" : "?" + VERSION + encode(versionId)));
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    /** Of a URI's parts: {@code +} is itself, and each percent sign begins two hex digits. */
    private static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(text.charAt(i)).getBytes(UTF_8));
            }
        }
        return bytes.toString(UTF_8);
    }
}
