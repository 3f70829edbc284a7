-- Comparisons of sources with the documents that we have. report: JSON with counts and examples, ids only. ended_at NULL: to be
-- done, or begun by a process that may be dead. Instants are epoch milliseconds.
CREATE TABLE reconciliation (
    reconciliation_id TEXT    NOT NULL,
    tenant            TEXT    NOT NULL,
    collection        TEXT    NOT NULL,
    source            TEXT    NOT NULL,
    dry_run           INTEGER NOT NULL,
    allow_deletes     INTEGER NOT NULL,
    asked_by          TEXT    NOT NULL,
    asked_at          BIGINT  NOT NULL,
    state             TEXT    NOT NULL,
    report            TEXT    NOT NULL,
    cancelled         INTEGER NOT NULL,
    error_code        TEXT,
    ended_at          BIGINT,
    PRIMARY KEY (reconciliation_id)
);
CREATE INDEX reconciliation_open ON reconciliation (asked_at) WHERE ended_at IS NULL;

-- Timers where the workflow server keeps none. due_at: the next time that nobody has acted on yet.
CREATE TABLE timer (
    timer_id  TEXT   NOT NULL,
    every_ms  BIGINT NOT NULL,
    offset_ms BIGINT NOT NULL,
    due_at    BIGINT NOT NULL,
    PRIMARY KEY (timer_id)
);
