-- A training set's lines lie in the content store under a key of its own; passages of documents, each under its document's key.
-- body: hash of what has the lines; NULL: not kept. retired_at (epoch milliseconds): its key was destroyed, for a document that it
-- was made of was erased.
ALTER TABLE training_snapshot ADD COLUMN body TEXT;
ALTER TABLE training_snapshot ADD COLUMN retired_at BIGINT;

-- Reports and logs of runs, in the content store. shelf and owner: the reserved collection and document whose key they are sealed
-- with: the run's own, or that of the training set whose texts they may quote.
CREATE TABLE run_file (
    run_id   TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    shelf    TEXT   NOT NULL,
    owner    TEXT   NOT NULL,
    content  TEXT   NOT NULL,
    made_at  BIGINT NOT NULL,
    PRIMARY KEY (run_id, name)
);

CREATE INDEX feedback_by_age ON feedback (given_at);

-- What work took. One row for a piece of work that is done once (a run's training), or for what one process did in a day; a row is
-- written again with what it has come to, so writing twice changes nothing. kind: INDEX, GENERATION, TRAINING, EVALUATION. subject:
-- trainer, generation. cpu_millis -1: not known.
CREATE TABLE cost (
    cost_id     TEXT   NOT NULL PRIMARY KEY,
    tenant      TEXT   NOT NULL,
    collection  TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    run_id      TEXT,
    began_at    BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    wall_millis BIGINT NOT NULL,
    cpu_millis  BIGINT NOT NULL,
    documents   BIGINT NOT NULL,
    passages    BIGINT NOT NULL,
    embedded    BIGINT NOT NULL,
    steps       BIGINT NOT NULL,
    tokens      BIGINT NOT NULL
);
CREATE INDEX cost_of_collection ON cost (tenant, collection, kind);
