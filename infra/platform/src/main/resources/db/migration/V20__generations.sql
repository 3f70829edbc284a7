-- Models whose folders are in the content store. manifest: JSON, as in the folder.
CREATE TABLE model (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    base          TEXT,
    snapshot      TEXT,
    manifest      TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    registered_at BIGINT NOT NULL
);

-- Generations of collections. passages: the generation of the index that it reads, its own or that of its base; passages_model
-- made the vectors there, model those of queries. written = 1: changes go into it. history_from: since then it can answer as of
-- a moment (epoch milliseconds); NULL: not built yet. checkpoint: the last document built, in the order of their UTF-8 bytes.
CREATE TABLE generation (
    id             TEXT    NOT NULL PRIMARY KEY,
    tenant         TEXT    NOT NULL,
    collection     TEXT    NOT NULL,
    model          TEXT    NOT NULL,
    passages       TEXT    NOT NULL,
    passages_model TEXT    NOT NULL,
    policy         TEXT    NOT NULL,
    dimensions     INTEGER NOT NULL,
    origin         TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    written        INTEGER NOT NULL,
    made_at        BIGINT  NOT NULL,
    history_from   BIGINT,
    error          TEXT,
    incarnation    TEXT,
    checkpoint     TEXT,
    documents      BIGINT  NOT NULL DEFAULT 0,
    documents_done BIGINT  NOT NULL DEFAULT 0,
    passages_all   BIGINT  NOT NULL DEFAULT 0,
    passages_done  BIGINT  NOT NULL DEFAULT 0,
    embedded       BIGINT  NOT NULL DEFAULT 0,
    build_millis   BIGINT  NOT NULL DEFAULT 0,
    gates          TEXT,
    shadow_share   DOUBLE PRECISION NOT NULL DEFAULT 0
);
CREATE INDEX generation_by_collection ON generation (tenant, collection);

-- What searches read: one row for a collection. previous: what a roll-back goes to. number: of its last row of the history.
CREATE TABLE live_generation (
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    generation TEXT   NOT NULL,
    previous   TEXT,
    number     BIGINT NOT NULL,
    PRIMARY KEY (tenant, collection)
);

-- What was live from when until when (epoch milliseconds); live_until NULL: still is. act: FIRST, CONFIGURED, SWAP or ROLLBACK.
CREATE TABLE generation_history (
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    generation TEXT   NOT NULL,
    model      TEXT   NOT NULL,
    live_from  BIGINT NOT NULL,
    live_until BIGINT,
    act        TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    reason     TEXT,
    PRIMARY KEY (tenant, collection, number)
);

-- Sums over the live queries that a generation was asked too.
CREATE TABLE shadow_reads (
    generation     TEXT   NOT NULL PRIMARY KEY,
    queries        BIGINT NOT NULL,
    failed         BIGINT NOT NULL,
    lost           BIGINT NOT NULL,
    overlap        DOUBLE PRECISION NOT NULL,
    live_micros    BIGINT NOT NULL,
    shadow_micros  BIGINT NOT NULL,
    slowest_micros BIGINT NOT NULL
);
