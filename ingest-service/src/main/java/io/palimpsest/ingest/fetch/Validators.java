package io.palimpsest.ingest.fetch;

import org.jspecify.annotations.Nullable;

/** What the server gave to ask later whether the content changed; as sent, at most one present. */
public record Validators(@Nullable String etag, @Nullable String lastModified) {}
