-- What the rows of document_change add up to, moved in the same transaction as they: the status reads these few rows.
CREATE TABLE change_count (
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    changes    BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    arrivals   BIGINT NOT NULL,
    firsts     BIGINT NOT NULL, -- deliveries that were no repetitions
    extracted  BIGINT NOT NULL,
    embedded   BIGINT NOT NULL,
    reused     BIGINT NOT NULL,
    PRIMARY KEY (tenant, collection, state)
);
INSERT INTO change_count
SELECT tenant, collection, state, COUNT(*), SUM(duplicates),
    SUM(CASE WHEN arrivals > duplicates THEN arrivals ELSE duplicates + 1 END),
    SUM(CASE WHEN arrivals > duplicates THEN arrivals - duplicates ELSE 1 END),
    SUM(CASE WHEN extracted_at IS NULL THEN 0 ELSE 1 END),
    SUM(embedded), SUM(reused)
FROM document_change GROUP BY tenant, collection, state;

-- The oldest change of each stage, out of those in flight only.
CREATE INDEX document_change_in_flight ON document_change (tenant, collection, state, received_at) WHERE open = 1;
