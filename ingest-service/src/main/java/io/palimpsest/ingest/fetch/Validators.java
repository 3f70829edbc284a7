package io.palimpsest.ingest.fetch;

import org.jspecify.annotations.Nullable;

/** What the server gave to ask later whether the content changed; both as sent, at least one present. */
public record Validators(@Nullable String etag, @Nullable String lastModified) {}
