package io.palimpsest.ingest.work;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.ingest.fetch.Validators;
import io.palimpsest.platform.database.Sql;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last fetch of each document's reference, to ask the server whether it changed since. */
final class KnownFetches {
    private final Sql sql;

    KnownFetches(Sql sql) {
        this.sql = sql;
    }

    /** @param contentType as the server declared it, null where it did not */
    record Known(
            Validators validators,
            ContentHash hash,
            long bytes,
            @Nullable String contentType) {}

    Optional<Known> find(DocumentKey key, URI uri) {
        return sql.first(
                "SELECT * FROM fetched_reference WHERE document_key = ? AND uri_hash = ?",
                row -> new Known(
                        new Validators(row.getString("etag"), row.getString("last_modified")),
                        new ContentHash(row.getString("raw_hash")),
                        row.getLong("bytes"),
                        row.getString("content_type")),
                Columns.of(key, hash(uri)));
    }

    /** Only the last one is kept. */
    void save(DocumentKey key, URI uri, Known known) {
        sql.update(
                "INSERT INTO fetched_reference (document_key, uri_hash, etag, last_modified, raw_hash, bytes,"
                        + " content_type) VALUES (" + Columns.placeholders(7) + ")"
                        + " ON CONFLICT (document_key) DO UPDATE SET uri_hash = excluded.uri_hash,"
                        + " etag = excluded.etag, last_modified = excluded.last_modified,"
                        + " raw_hash = excluded.raw_hash, bytes = excluded.bytes,"
                        + " content_type = excluded.content_type",
                Columns.of(
                        key,
                        hash(uri),
                        known.validators().etag(),
                        known.validators().lastModified(),
                        known.hash(),
                        known.bytes(),
                        known.contentType()));
    }

    void forget(DocumentKey key) {
        sql.update("DELETE FROM fetched_reference WHERE document_key = ?", Columns.of(key));
    }

    private static ContentHash hash(URI uri) {
        return ContentHash.ofText(uri.toString());
    }
}
