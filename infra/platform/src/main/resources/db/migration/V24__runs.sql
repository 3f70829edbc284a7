-- Runs of workflows, and which of their steps are done: a Temporal server that forgot everything resumes from here.
-- request: what the workflow was started with; ids only. outcome NULL: not ended.
CREATE TABLE run (
    run_id     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    cause      TEXT   NOT NULL,
    request    TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    outcome    TEXT,
    model      TEXT,
    reason     TEXT,
    PRIMARY KEY (run_id)
);
CREATE INDEX run_of_collection ON run (tenant, collection, started_at);

-- result: ids, hashes and codes that the step gave.
CREATE TABLE run_stage (
    run_id  TEXT   NOT NULL,
    stage   TEXT   NOT NULL,
    result  TEXT   NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (run_id, stage)
);

-- What was proposed against an alarm of drift; proposals: JSON with evidence and costs, no text of users.
CREATE TABLE drift_proposal (
    alarm_id   TEXT   NOT NULL,
    tenant     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    remedy     TEXT   NOT NULL,
    proposals  TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (alarm_id)
);
