-- The rest of the id whose first eight bytes are id_prefix, hex: who cannot read the log can tell by both whether an entry is the one
-- that is looked for. Null until the ledger process has read it from the log, at its next start.
ALTER TABLE ledger_entry ADD COLUMN id_rest TEXT;

-- Those rows: soon none.
CREATE INDEX ledger_entry_incomplete ON ledger_entry (leaf_index) WHERE id_rest IS NULL;
