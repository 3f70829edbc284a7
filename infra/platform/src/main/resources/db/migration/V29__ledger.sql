-- How entries of the log are found, and what opens their commitments. The log itself is files; what is here can be made anew
-- from them, except for salts. Prefixes are the first eight bytes of a hash; the entry itself tells whether it is the one.

CREATE TABLE ledger_entry (
    leaf_index     BIGINT NOT NULL PRIMARY KEY,
    id_prefix      BIGINT NOT NULL,
    type           TEXT   NOT NULL,
    at             BIGINT NOT NULL,
    scope_prefix   BIGINT NOT NULL,
    subject_prefix BIGINT
);

CREATE INDEX ledger_entry_by_id ON ledger_entry (id_prefix);
CREATE INDEX ledger_entry_by_subject ON ledger_entry (subject_prefix, leaf_index);
CREATE INDEX ledger_entry_by_time ON ledger_entry (at, leaf_index);
CREATE INDEX ledger_entry_by_type ON ledger_entry (scope_prefix, type, leaf_index);

-- The newest checkpoint whose entries are in ledger_entry. A log that is shorter than this has lost history.
CREATE TABLE ledger_head (
    origin       TEXT   NOT NULL PRIMARY KEY,
    tree_size    BIGINT NOT NULL,
    root_hash    TEXT   NOT NULL,
    published_at BIGINT NOT NULL
);

-- collection: empty for none. commitment, salt: hex.
CREATE TABLE ledger_scope (
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    salt       TEXT   NOT NULL,
    commitment TEXT   NOT NULL,
    PRIMARY KEY (tenant, collection)
);

-- inner_commitment, as services send it; erasure deletes the row, and nobody can tell any more what the entries speak of.
CREATE TABLE ledger_subject (
    inner_commitment TEXT NOT NULL PRIMARY KEY,
    salt             TEXT NOT NULL
);
