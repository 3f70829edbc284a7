-- The objects of watched buckets, as last looked at. etag NULL: it is gone, and the number of that change is kept, so that
-- what comes after it is after it. published = 0: reserved, maybe sent, not yet acknowledged.
CREATE TABLE bucket_object (
    source     TEXT    NOT NULL,
    object_key TEXT    NOT NULL,
    etag       TEXT,
    bytes      BIGINT  NOT NULL,
    modified   BIGINT  NOT NULL,
    version_id TEXT,
    sequence   BIGINT  NOT NULL,
    published  INTEGER NOT NULL,
    PRIMARY KEY (source, object_key)
);
