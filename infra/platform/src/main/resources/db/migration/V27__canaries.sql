-- Known questions with known answers, and how each generation answers them. Instants are epoch milliseconds.

-- What a generation found when it went live, or when the reference of drift was taken anew, whichever is later: digests of the first
-- 50 documents, best first, comma-separated. How good that was is told by what is judged now.
CREATE TABLE canary_baseline (
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    generation TEXT   NOT NULL,
    query_key  TEXT   NOT NULL,
    found      TEXT   NOT NULL,
    taken_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant, collection, generation, query_key)
);

-- Means over the questions, of then and of now. recall: of the first 50 documents. overlap: share of the first ten that were among the first ten then. chance: how
-- probable so great a loss of nDCG@10 is where nothing has become worse.
CREATE TABLE canary_measurement (
    tenant        TEXT   NOT NULL,
    collection    TEXT   NOT NULL,
    window_number BIGINT NOT NULL,
    generation    TEXT   NOT NULL,
    model         TEXT   NOT NULL,
    measured_at   BIGINT NOT NULL,
    questions     BIGINT NOT NULL,
    ndcg_before   DOUBLE PRECISION NOT NULL,
    ndcg          DOUBLE PRECISION NOT NULL,
    recall_before DOUBLE PRECISION NOT NULL,
    recall        DOUBLE PRECISION NOT NULL,
    overlap       DOUBLE PRECISION NOT NULL,
    chance        DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (tenant, collection, window_number)
);

-- Whether people are content with what a generation found.
CREATE INDEX feedback_by_generation ON feedback (tenant, collection, generation, sequence_number);
