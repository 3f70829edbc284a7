-- Erasures of documents, each step of which is recorded. Instants are epoch milliseconds. document_id: NULL once it is over.
-- commitment: SHA-256 over a nonce that only the requester has, and the document's key (hex). certificate: canonical JSON.
CREATE TABLE erasure (
    erasure_id   TEXT   NOT NULL PRIMARY KEY,
    tenant       TEXT   NOT NULL,
    collection   TEXT   NOT NULL,
    document_id  TEXT,
    commitment   TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    requested_by TEXT   NOT NULL,
    requested_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    began_at     BIGINT,
    ended_at     BIGINT,
    certificate  TEXT
);
CREATE INDEX erasure_of_collection ON erasure (tenant, collection, requested_at);

-- Which stores there are, and which process reaches them. place: empty where any process of the service does, otherwise what has to
-- be asked itself.
CREATE TABLE erasure_store (
    store      TEXT   NOT NULL,
    place      TEXT   NOT NULL,
    phase      TEXT   NOT NULL,
    covers     TEXT   NOT NULL,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (store, place)
);

-- What a store is to do, and what it did. act: ERASE, PROBE. state: OPEN, DONE. result: JSON. error_code: why it is not done yet.
CREATE TABLE erasure_task (
    erasure_id TEXT   NOT NULL,
    store      TEXT   NOT NULL,
    place      TEXT   NOT NULL,
    act        TEXT   NOT NULL,
    round      INTEGER NOT NULL,
    state      TEXT   NOT NULL,
    result     TEXT,
    error_code TEXT,
    done_at    BIGINT,
    PRIMARY KEY (erasure_id, store, place, act, round)
);
CREATE INDEX erasure_task_open ON erasure_task (erasure_id) WHERE state = 'OPEN';

-- What a store has to know later of what it erased, such as hashes to look for; deleted at the end.
CREATE TABLE erasure_note (
    erasure_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    note       TEXT NOT NULL,
    PRIMARY KEY (erasure_id, name)
);

-- Documents that no source may bring back. mark: HMAC-SHA-256 of the document's key (hex). lifted_at NULL: it holds.
CREATE TABLE suppression (
    mark       TEXT   NOT NULL PRIMARY KEY,
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    erasure_id TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    lifted_at  BIGINT,
    lifted_by  TEXT,
    lifted_for TEXT
);

-- Documents that must not be erased. document_id: NULL once the hold was released and the document erased. released_at NULL: it holds.
CREATE TABLE legal_hold (
    hold_id     TEXT   NOT NULL PRIMARY KEY,
    tenant      TEXT   NOT NULL,
    collection  TEXT   NOT NULL,
    document_id TEXT,
    reason      TEXT   NOT NULL,
    placed_by   TEXT   NOT NULL,
    placed_at   BIGINT NOT NULL,
    released_by TEXT,
    released_at BIGINT
);
CREATE INDEX legal_hold_of_document ON legal_hold (tenant, collection, document_id);

-- Models that learned from a document that was erased since.
CREATE TABLE tainted_model (
    model      TEXT   NOT NULL,
    erasure_id TEXT   NOT NULL,
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    snapshot   TEXT   NOT NULL,
    found_at   BIGINT NOT NULL,
    PRIMARY KEY (model, erasure_id)
);
