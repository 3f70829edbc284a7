-- What queries were like when they were taken as good, and what was measured since. Instants are epoch milliseconds.

-- The reference in force per collection: JSON with its sample of embeddings and the calibrated thresholds.
CREATE TABLE drift_reference (
    tenant       TEXT   NOT NULL,
    collection   TEXT   NOT NULL,
    reference_id TEXT   NOT NULL,
    model        TEXT   NOT NULL,
    from_at      BIGINT NOT NULL,
    to_at        BIGINT NOT NULL,
    samples      BIGINT NOT NULL,
    taken_at     BIGINT NOT NULL,
    taken_by     TEXT   NOT NULL,
    reference    TEXT   NOT NULL,
    PRIMARY KEY (tenant, collection)
);

-- New references that somebody asked for. error_code NULL: not taken yet. from_at, to_at NULL: all that is kept, until now.
CREATE TABLE drift_reference_request (
    tenant       TEXT   NOT NULL,
    collection   TEXT   NOT NULL,
    requested_by TEXT   NOT NULL,
    requested_at BIGINT NOT NULL,
    from_at      BIGINT,
    to_at        BIGINT,
    error_code   TEXT,
    message      TEXT,
    PRIMARY KEY (tenant, collection)
);

-- The latest measurements; older ones are on the topic.
CREATE TABLE drift_measurement (
    window_id   TEXT    NOT NULL PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    collection  TEXT    NOT NULL,
    signal      TEXT    NOT NULL,
    from_at     BIGINT  NOT NULL,
    to_at       BIGINT  NOT NULL,
    samples     BIGINT  NOT NULL,
    figure      DOUBLE PRECISION,
    threshold   DOUBLE PRECISION,
    crossed     INTEGER NOT NULL,
    self_test   INTEGER NOT NULL
);
CREATE INDEX drift_measurement_by_end ON drift_measurement (tenant, collection, to_at);

-- Alarms, each once. ended_at NULL: it holds. Those of kind DEAD end where they begin.
CREATE TABLE drift_alarm (
    alarm_id   TEXT   NOT NULL PRIMARY KEY,
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    raised_at  BIGINT NOT NULL,
    ended_at   BIGINT,
    evidence   TEXT   NOT NULL
);
CREATE INDEX drift_alarm_by_time ON drift_alarm (tenant, collection, raised_at);

-- What the policy remembers of a collection, as JSON.
CREATE TABLE drift_policy (
    tenant     TEXT NOT NULL,
    collection TEXT NOT NULL,
    state      TEXT NOT NULL,
    PRIMARY KEY (tenant, collection)
);

-- How far the measurements are in these tables.
CREATE TABLE drift_position (
    topic        TEXT    NOT NULL,
    partition_no INTEGER NOT NULL,
    next_offset  BIGINT  NOT NULL,
    PRIMARY KEY (topic, partition_no)
);
