-- The lives of topics that Debezium's rows come through. A topic that was made anew, or has more partitions, counts its records
-- from 0 again: its positions get the next epoch.
CREATE TABLE debezium_topic (
    source     TEXT    NOT NULL,
    topic      TEXT    NOT NULL,
    topic_id   TEXT    NOT NULL,
    partitions INTEGER NOT NULL,
    epoch      BIGINT  NOT NULL,
    PRIMARY KEY (source, epoch)
);
