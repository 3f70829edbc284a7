-- Manifests of the index that were made, each with an entry in the log. id: of the entry. content: tells whether two are of the
-- same documents and passages. holder: the process whose folder has the file; size, bytes: passages, and bytes of the file;
-- file: null when it is not kept any more. Times in milliseconds.

CREATE TABLE index_manifest (
    id         TEXT   NOT NULL PRIMARY KEY,
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    generation TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    reason     TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    root       TEXT   NOT NULL,
    salt       TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    holder     TEXT   NOT NULL,
    file       TEXT,
    bytes      BIGINT NOT NULL
);

CREATE INDEX index_manifest_by_generation ON index_manifest (tenant, collection, generation, at);
CREATE INDEX index_manifest_by_time ON index_manifest (at);
