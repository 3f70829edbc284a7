-- What versions are made of and has no table of its own: tokenisers, generators and other models served elsewhere, passage policies,
-- extractors. digest: SHA-256 of the content, or of the description. description: JSON; names, ids and hashes, no secret. A row is
-- never updated.
CREATE TABLE artifact (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    digest        TEXT   NOT NULL,
    description   TEXT   NOT NULL,
    registered_by TEXT   NOT NULL,
    registered_at BIGINT NOT NULL
);

-- What the current revision of each document was made by; a deleted document has no row. document_hash: of its key.
CREATE TABLE revision_made_by (
    document_hash TEXT NOT NULL PRIMARY KEY,
    tenant        TEXT NOT NULL,
    collection    TEXT NOT NULL,
    extractor     TEXT NOT NULL,
    policy        TEXT NOT NULL
);
CREATE INDEX revision_made_by_collection ON revision_made_by (tenant, collection, extractor);
