-- What the server said at the last fetch of a document's reference: asked again with it, unchanged content is not sent.
-- An address may hold a secret: only its hash is kept.
CREATE TABLE fetched_reference (
    document_key  TEXT   NOT NULL PRIMARY KEY,
    uri_hash      TEXT   NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    raw_hash      TEXT   NOT NULL,
    bytes         BIGINT NOT NULL,
    content_type  TEXT
);
