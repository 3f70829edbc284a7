-- What people say of results, and what is made of it. Instants are epoch milliseconds. What was asked, who said it, and what
-- they wrote is personal: sealed (base64), bound to the row's id.

-- The last number given, per collection: feedback is numbered in the order in which it was taken in.
CREATE TABLE feedback_sequence (
    tenant      TEXT   NOT NULL,
    collection  TEXT   NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (tenant, collection)
);

-- published = 0: the topic may not have it yet.
CREATE TABLE feedback (
    feedback_id     TEXT    NOT NULL PRIMARY KEY,
    tenant          TEXT    NOT NULL,
    collection      TEXT    NOT NULL,
    sequence_number BIGINT  NOT NULL,
    query_id        TEXT    NOT NULL,
    query_key       TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    score           INTEGER,
    document_id     TEXT,
    passage_id      TEXT,
    generation      TEXT    NOT NULL,
    model           TEXT    NOT NULL,
    late            INTEGER NOT NULL,
    given_at        BIGINT  NOT NULL,
    -- Tells the same feedback sent again from another one of the same hit.
    digest          TEXT    NOT NULL,
    sealed          TEXT    NOT NULL,
    published       INTEGER NOT NULL,
    UNIQUE (tenant, collection, sequence_number)
);
CREATE INDEX feedback_unpublished ON feedback (tenant, collection, sequence_number) WHERE published = 0;
CREATE INDEX feedback_by_query ON feedback (query_id);

-- One row per query and passage that people grade. state: OPEN, ADJUDICATE, DONE, SKIPPED.
CREATE TABLE review_item (
    item_id      TEXT    NOT NULL PRIMARY KEY,
    tenant       TEXT    NOT NULL,
    collection   TEXT    NOT NULL,
    query_key    TEXT    NOT NULL,
    query_sealed TEXT    NOT NULL,
    asked_at     BIGINT  NOT NULL,
    document_id  TEXT    NOT NULL,
    passage_id   TEXT    NOT NULL,
    revision     BIGINT  NOT NULL,
    extracted    TEXT,
    passages     TEXT,
    -- Of imported passages only: others are read from the content store.
    text_sealed  TEXT,
    generation   TEXT    NOT NULL,
    model        TEXT    NOT NULL,
    origin       TEXT    NOT NULL,
    tag          TEXT,
    frozen       INTEGER NOT NULL,
    priority     DOUBLE PRECISION NOT NULL,
    state        TEXT    NOT NULL,
    grade        INTEGER,
    opened_at    BIGINT  NOT NULL,
    closed_at    BIGINT
);
CREATE INDEX review_item_by_state ON review_item (tenant, collection, state, priority);
CREATE INDEX review_item_by_query ON review_item (tenant, collection, query_key);

-- Who has an item now. Past its due_at it is anybody's.
CREATE TABLE review_assignment (
    item_id     TEXT   NOT NULL,
    reviewer    TEXT   NOT NULL,
    due_at      BIGINT NOT NULL,
    PRIMARY KEY (item_id, reviewer)
);

-- What a reviewer said of an item, once. grade NULL: skipped, with the reason.
CREATE TABLE judgement (
    item_id      TEXT    NOT NULL,
    reviewer     TEXT    NOT NULL,
    grade        INTEGER,
    skip_sealed  TEXT,
    adjudication INTEGER NOT NULL,
    given_at     BIGINT  NOT NULL,
    PRIMARY KEY (item_id, reviewer)
);

-- Training sets that were made here; the files are in a folder of that name.
CREATE TABLE training_snapshot (
    snapshot   TEXT    NOT NULL,
    tenant     TEXT    NOT NULL,
    collection TEXT    NOT NULL,
    made_at    BIGINT  NOT NULL,
    made_by    TEXT    NOT NULL,
    manifest   TEXT    NOT NULL,
    PRIMARY KEY (tenant, collection, snapshot)
);

-- What a training set was made from: a document that is erased later taints it.
CREATE TABLE training_snapshot_document (
    tenant      TEXT   NOT NULL,
    collection  TEXT   NOT NULL,
    snapshot    TEXT   NOT NULL,
    document_id TEXT   NOT NULL,
    revision    BIGINT NOT NULL,
    -- 1: learned from; 0: only in tests and validation
    trained     INTEGER NOT NULL,
    -- Imported with its text: it has no content here that could be erased.
    imported    INTEGER NOT NULL,
    PRIMARY KEY (tenant, collection, snapshot, document_id)
);

-- Candidates that wait for people. outcome: WAITING, APPROVED, REJECTED, EXPIRED.
CREATE TABLE approval_request (
    run          TEXT    NOT NULL PRIMARY KEY,
    tenant       TEXT    NOT NULL,
    collection   TEXT    NOT NULL,
    candidate    TEXT    NOT NULL,
    people       INTEGER NOT NULL,
    requested_at BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    outcome      TEXT    NOT NULL
);

CREATE TABLE approval (
    run      TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    approved INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    given_at BIGINT  NOT NULL,
    PRIMARY KEY (run, person)
);

-- The current revision of each document, as far as it decides who may grade its passages and whether one may learn from it.
CREATE TABLE document_standing (
    document_key TEXT    NOT NULL PRIMARY KEY,
    revision     BIGINT  NOT NULL,
    live         INTEGER NOT NULL,
    sensitive    INTEGER NOT NULL,
    -- JSON array of principals
    access_list  TEXT    NOT NULL
);
