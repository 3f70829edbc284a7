package io.palimpsest.platform.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watched buckets.
 *
 * @param rescan how often a bucket is listed and compared
 * @param topic that notifications come through; empty: none
 */
public record S3SourceSettings(
        S3Access access, List<Watched> buckets, Duration rescan, double maxDeleteRatio, Optional<String> topic) {
    private static final String PREFIX = "s3.source.";
    private static final Pattern WATCHED =
            Pattern.compile("([a-z0-9][a-z0-9-]{0,39})=([a-zA-Z0-9][\\w.-]{1,254})(?:/(.*))?");

    /**
     * A bucket, or what is below a prefix in it.
     *
     * @param name in paths, metrics and listings; stays when the bucket moves
     * @param prefix empty: everything
     */
    public record Watched(String name, String bucket, String prefix) {
        /** Whether an object is watched. */
        public boolean contains(String otherBucket, String key) {
            return bucket.equals(otherBucket) && key.startsWith(prefix);
        }
    }

    static void define(Definition definition) {
        definition
                .group("Buckets")
                .list(
                        PREFIX + "buckets",
                        "",
                        "S3 buckets whose objects are documents, comma-separated: NAME=BUCKET or NAME=BUCKET/PREFIX; the"
                                + " name, of small letters, digits and hyphens, is for good.");
        S3Access.define(definition, PREFIX);
        definition
                .duration(
                        PREFIX + "rescan",
                        "PT10M",
                        "How often a bucket is listed and compared, beside its notifications.")
                .ratio(
                        PREFIX + "max.delete.ratio",
                        0.5,
                        0,
                        1,
                        "A comparison that would delete more than this share of a bucket's documents at once stops and waits.")
                .text(
                        PREFIX + "topic",
                        "",
                        "Kafka topic that the servers' bucket notifications come through. Empty: none.");
    }

    static S3SourceSettings of(Values values) {
        List<Watched> buckets = new ArrayList<>();
        for (String item : values.list(PREFIX + "buckets")) {
            Matcher parts = WATCHED.matcher(item);
            if (parts.matches()) {
                buckets.add(new Watched(parts.group(1), parts.group(2), parts.group(3) == null ? "" : parts.group(3)));
            }
        }
        return new S3SourceSettings(
                S3Access.of(values, PREFIX),
                List.copyOf(buckets),
                values.duration(PREFIX + "rescan"),
                values.ratio(PREFIX + "max.delete.ratio"),
                values.optional(PREFIX + "topic"));
    }

    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>(S3Access.problems(values, PREFIX));
        Set<String> names = new HashSet<>();
        for (String item : values.list(PREFIX + "buckets")) {
            Matcher parts = WATCHED.matcher(item);
            if (!parts.matches()) {
                problems.add(PREFIX + "buckets: '" + item + "' is not NAME=BUCKET or NAME=BUCKET/PREFIX");
            } else if (!names.add(parts.group(1))) {
                problems.add(PREFIX + "buckets: there are two of the name " + parts.group(1));
            }
        }
        return problems;
    }

    /** What we store ourselves must not become documents. */
    static List<String> overlaps(Values values) {
        S3SourceSettings sources = of(values);
        S3ContentSettings content = S3ContentSettings.of(values);
        return sources.buckets().stream()
                .filter(watched ->
                        sources.access().address().equals(content.access().address())
                                && watched.bucket().equals(content.bucket())
                                && (watched.prefix().startsWith(content.prefix())
                                        || content.prefix().startsWith(watched.prefix())))
                .map(watched -> PREFIX + "buckets: " + watched.name()
                        + " contains, or lies in, what content.s3.bucket and content.s3.prefix name: keep them apart")
                .toList();
    }
}
