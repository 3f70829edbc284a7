package io.palimpsest.ingest.source.s3;

import org.jspecify.annotations.Nullable;

/**
 * Something happened to an object.
 *
 * @param key decoded
 * @param sequencer orders the notifications of one object, where the server tells it; used to know one that came twice
 */
public record S3Notice(String bucket, String key, @Nullable String sequencer) {}
