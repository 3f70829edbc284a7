-- How far the step of a run is that is being done; one row a run, numbers and fixed words only.
CREATE TABLE run_progress (
    run_id            TEXT   NOT NULL,
    stage             TEXT   NOT NULL,
    doing             TEXT   NOT NULL,
    done              BIGINT NOT NULL,
    total             BIGINT NOT NULL,
    remaining_seconds BIGINT,
    loss              DOUBLE PRECISION,
    told_at           BIGINT NOT NULL,
    PRIMARY KEY (run_id)
);
