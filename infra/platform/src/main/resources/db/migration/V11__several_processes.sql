-- Everything received before this moment (epoch milliseconds) is in the tables, as far as this partition goes.
ALTER TABLE projection_position ADD COLUMN followed_at BIGINT NOT NULL DEFAULT 0;

-- Names that one process holds at a time. A holder counts its renewals; one whose count stands still may be replaced.
CREATE TABLE lease (
    name    TEXT   NOT NULL PRIMARY KEY,
    holder  TEXT   NOT NULL,
    session TEXT   NOT NULL,
    note    TEXT   NOT NULL,
    beat    BIGINT NOT NULL
);

-- Secrets that every process has alike, sealed with the master key (base64).
CREATE TABLE shared_secret (
    name   TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

-- Empty. Locked by processes that must do something outside of the database one after the other.
CREATE TABLE turn (
    name TEXT NOT NULL PRIMARY KEY
);
