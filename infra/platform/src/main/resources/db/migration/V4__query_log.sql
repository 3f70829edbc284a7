-- What reproduces a query. Who asked, what, and what was found is personal: sealed with AEAD, bound to the query id.
CREATE TABLE query_log (
    query_id   VARCHAR(36)  NOT NULL PRIMARY KEY,
    tenant     VARCHAR(63)  NOT NULL,
    collection VARCHAR(63)  NOT NULL,
    generation VARCHAR(255),
    model      VARCHAR(255),
    hits       INTEGER      NOT NULL,
    -- Milliseconds since 1970, UTC.
    asked_at   BIGINT       NOT NULL,
    -- Base64 of the sealed JSON: SQLite and PostgreSQL name binary columns differently.
    sealed     TEXT         NOT NULL
);

CREATE INDEX query_log_asked_at ON query_log (asked_at);
