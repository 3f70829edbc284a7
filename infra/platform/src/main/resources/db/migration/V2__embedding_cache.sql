-- Vectors by the text they came from: a text is embedded once per model.
-- BYTEA is PostgreSQL's name for bytes; SQLite takes any type name and stores the bytes as they are.
CREATE TABLE embedding_cache (
    model     TEXT  NOT NULL,
    text_hash BYTEA NOT NULL,
    vector    BYTEA NOT NULL,
    PRIMARY KEY (model, text_hash)
);
