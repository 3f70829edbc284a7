package io.palimpsest.platform.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A bucket as the content store.
 *
 * @param prefix begins the names of all objects: empty, or ends with a slash
 * @param partBytes larger content is sent in parts of this size; each upload holds one in memory
 */
public record S3ContentSettings(S3Access access, String bucket, String prefix, Checksum checksum, int partBytes) {
    private static final String PREFIX = "content.s3.";
    /** S3 refuses smaller parts, but for the last. */
    private static final int SMALLEST_PART = 5 << 20;

    /** What the server checks on arrival, beside the signature. */
    public enum Checksum {
        CRC32,
        SHA256,
        /** For servers that know no checksums. What is read is verified all the same. */
        NONE
    }

    static void define(Definition definition) {
        definition.group("Content store in S3");
        S3Access.define(definition, PREFIX);
        definition
                .text(PREFIX + "bucket", "", "Bucket of the stored content, for content.store = s3; it must exist.")
                .text(
                        PREFIX + "prefix",
                        "",
                        "Begins the names of all objects, so that several platforms can share a bucket.")
                .choice(
                        PREFIX + "checksum",
                        "crc32",
                        "Checksum that the server compares on arrival: crc32, sha256 or none, for servers that know none."
                                + " What is read is always verified.",
                        "crc32",
                        "sha256",
                        "none")
                .integer(
                        PREFIX + "part.bytes",
                        8 << 20,
                        SMALLEST_PART,
                        512 << 20,
                        "Larger content is sent in parts of this size, 10,000 at most; each upload holds one in memory.");
    }

    static S3ContentSettings of(Values values) {
        String prefix = values.text(PREFIX + "prefix");
        return new S3ContentSettings(
                S3Access.of(values, PREFIX),
                values.text(PREFIX + "bucket"),
                prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                Checksum.valueOf(values.text(PREFIX + "checksum").toUpperCase(Locale.ROOT)),
                values.integer(PREFIX + "part.bytes"));
    }

    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>(S3Access.problems(values, PREFIX));
        if (values.optional(PREFIX + "bucket").isEmpty()) {
            problems.add(PREFIX + "bucket: content.store = s3 needs a bucket");
        }
        if (values.text(PREFIX + "prefix").startsWith("/")) {
            problems.add(PREFIX + "prefix: must not begin with a slash");
        }
        return problems;
    }
}
