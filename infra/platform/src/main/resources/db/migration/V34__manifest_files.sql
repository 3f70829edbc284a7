-- Whose files there are is looked up among those that are kept.
CREATE INDEX index_manifest_kept ON index_manifest (holder, at) WHERE file IS NOT NULL;

-- told: 1 once the entry has reached the ledger's topic, 0 before. What was made by earlier releases is told once more.
ALTER TABLE index_manifest ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX index_manifest_untold ON index_manifest (at, id) WHERE told = 0;
