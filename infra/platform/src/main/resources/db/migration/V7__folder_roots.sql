-- Which name a watched folder has in its collection: given once to a root, so that the order in which folders are named
-- decides nothing.
CREATE TABLE folder_root (
    collection TEXT NOT NULL,
    root       TEXT NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (collection, root)
);
CREATE UNIQUE INDEX folder_root_name ON folder_root (collection, name);
