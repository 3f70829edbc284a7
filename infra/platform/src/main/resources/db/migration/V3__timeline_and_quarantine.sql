-- Where every change and document stands, what is quarantined, what a folder looked like last. Instants are epoch milliseconds.

CREATE TABLE collection (
    tenant      TEXT   NOT NULL,
    collection  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT   NOT NULL,
    PRIMARY KEY (tenant, collection)
);

-- One row per change id. Filled from several topics in any order; "state" is derived from the other columns.
CREATE TABLE document_change (
    change_id         TEXT   NOT NULL PRIMARY KEY,
    document_key      TEXT   NOT NULL,
    tenant            TEXT   NOT NULL,
    collection        TEXT   NOT NULL,
    document_id       TEXT   NOT NULL,
    source            TEXT,
    event_id          TEXT,
    type              TEXT,
    arrivals          BIGINT NOT NULL,
    duplicates        BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    effect            TEXT,
    received_at       BIGINT,
    accepted_at       BIGINT,
    extract_started_at BIGINT,
    extracted_at      BIGINT,
    revised_at        BIGINT,
    indexed_at        BIGINT,
    ended_at          BIGINT,
    outcome           TEXT,
    state             TEXT   NOT NULL,
    open              INTEGER NOT NULL,
    error_code        TEXT,
    message           TEXT,
    deliveries        INTEGER NOT NULL,
    passages          INTEGER NOT NULL,
    embedded          INTEGER NOT NULL,
    reused            INTEGER NOT NULL
);
CREATE INDEX document_change_by_document ON document_change (document_key, received_at);
CREATE INDEX document_change_by_state ON document_change (tenant, collection, state);
CREATE INDEX document_change_by_end ON document_change (tenant, ended_at);
CREATE INDEX document_change_open ON document_change (document_key) WHERE open = 1;

-- One row per document: its current state.
CREATE TABLE document (
    document_key     TEXT   NOT NULL PRIMARY KEY,
    tenant           TEXT   NOT NULL,
    collection       TEXT   NOT NULL,
    document_id      TEXT   NOT NULL,
    source           TEXT,
    title            TEXT,
    location         TEXT,
    media_type       TEXT,
    state            TEXT   NOT NULL,
    version          BIGINT NOT NULL,
    revision         BIGINT NOT NULL,
    indexed_version  BIGINT NOT NULL,
    indexed_revision BIGINT NOT NULL,
    passages         INTEGER NOT NULL,
    error_code       TEXT,
    changed_at       BIGINT NOT NULL,
    indexed_at       BIGINT
);
CREATE INDEX document_by_id ON document (tenant, collection, document_id);

-- Events that were set aside without a change id that the timeline knows.
CREATE TABLE dead_letter (
    topic       TEXT   NOT NULL,
    partition_no INTEGER NOT NULL,
    record_no   BIGINT NOT NULL,
    tenant      TEXT,
    collection  TEXT,
    change_id   TEXT,
    error_code  TEXT   NOT NULL,
    message     TEXT   NOT NULL,
    attributes  TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (topic, partition_no, record_no)
);

CREATE INDEX dead_letter_by_change ON dead_letter (change_id);

-- How far the timeline has read: moved in the same transaction as what was read.
CREATE TABLE projection_position (
    topic        TEXT   NOT NULL,
    partition_no INTEGER NOT NULL,
    next_offset  BIGINT NOT NULL,
    PRIMARY KEY (topic, partition_no)
);

-- Content that could not be extracted: one entry per document version.
CREATE TABLE quarantine_entry (
    entry_id     TEXT   NOT NULL PRIMARY KEY,
    document_key TEXT   NOT NULL,
    tenant       TEXT   NOT NULL,
    collection   TEXT   NOT NULL,
    document_id  TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    change_id    TEXT   NOT NULL,
    raw_hash     TEXT,
    fingerprint  TEXT   NOT NULL,
    error_code   TEXT   NOT NULL,
    message      TEXT   NOT NULL,
    deliveries   INTEGER NOT NULL,
    lane         TEXT   NOT NULL,
    work         TEXT   NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX quarantine_entry_by_document ON quarantine_entry (document_key, version);
CREATE INDEX quarantine_entry_by_collection ON quarantine_entry (tenant, collection, at);

-- Bytes that are known to fail under an extractor: not parsed again until an operator asks.
CREATE TABLE poison (
    tenant      TEXT   NOT NULL,
    raw_hash    TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    error_code  TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (tenant, raw_hash, fingerprint)
);

-- What an extraction of a document's bytes gave: unchanged bytes are not parsed again.
CREATE TABLE extraction (
    document_key  TEXT   NOT NULL,
    raw_hash      TEXT   NOT NULL,
    fingerprint   TEXT   NOT NULL,
    policy        TEXT   NOT NULL,
    outcome       TEXT   NOT NULL,
    extracted     TEXT,
    passages      TEXT,
    passage_count INTEGER NOT NULL,
    title         TEXT,
    media_type    TEXT,
    PRIMARY KEY (document_key, raw_hash, fingerprint, policy)
);

-- Work that is tried again later (fetch failed), and how often interrupted work was begun.
CREATE TABLE extraction_retry (
    document_key TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    attempts     INTEGER NOT NULL,
    next_at      BIGINT,
    lane         TEXT   NOT NULL,
    work         TEXT   NOT NULL,
    PRIMARY KEY (document_key, version)
);
CREATE INDEX extraction_retry_due ON extraction_retry (next_at);

-- A watched folder: its numbering.
CREATE TABLE folder_source (
    folder        TEXT   NOT NULL PRIMARY KEY,
    generation    BIGINT NOT NULL,
    next_sequence BIGINT NOT NULL
);

-- The last known listing of a watched folder; published = 0 means: reserved, maybe sent, not yet acknowledged.
CREATE TABLE folder_listing (
    folder    TEXT   NOT NULL,
    path      TEXT   NOT NULL,
    size      BIGINT NOT NULL,
    mtime     BIGINT NOT NULL,
    hash      TEXT,
    sequence  BIGINT NOT NULL,
    published INTEGER NOT NULL,
    PRIMARY KEY (folder, path)
);
