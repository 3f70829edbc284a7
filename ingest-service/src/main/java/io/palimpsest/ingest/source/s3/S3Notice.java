package io.palimpsest.ingest.source.s3;

/** Something may have happened to an object: where to look, and no more. */
public record S3Notice(String bucket, String key) {}
