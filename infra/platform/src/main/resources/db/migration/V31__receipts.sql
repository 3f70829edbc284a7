-- What stands for a query in the ledger, and where it was cited. Both end with the record of the query.

-- receipt: Base64 of the sealed receipt with its salts; NULL for a probe, or where none are made. told: 1 once its entry has left for
-- the ledger, 0 before; NULL without a receipt.
ALTER TABLE query_log ADD COLUMN receipt TEXT;
ALTER TABLE query_log ADD COLUMN told INTEGER;
CREATE INDEX query_log_untold ON query_log (asked_at) WHERE told = 0;

-- Which documents a query was shown passages of. document: HMAC of its key, hex. revision: of the first of its passages.
-- place: of that, from 1. cited: 1 where a sentence of the answer stands on one.
CREATE TABLE query_citation (
    document VARCHAR(64) NOT NULL,
    query_id VARCHAR(36) NOT NULL REFERENCES query_log (query_id) ON DELETE CASCADE,
    revision BIGINT      NOT NULL,
    place    INTEGER     NOT NULL,
    cited    INTEGER     NOT NULL,
    PRIMARY KEY (document, query_id)
);
CREATE INDEX query_citation_by_query ON query_citation (query_id);

-- Settings that were in force, by the hash that the ledger has of them; secrets are masked. settings: JSON, an object of texts.
CREATE TABLE configuration (
    hash     VARCHAR(64) NOT NULL PRIMARY KEY,
    settings TEXT        NOT NULL
);

-- Which training sets a document is in.
CREATE INDEX training_snapshot_of_document ON training_snapshot_document (tenant, collection, document_id);
