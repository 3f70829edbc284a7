package io.palimpsest.ingest.erase;

import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.util.List;

/** What is known of bytes by their hash: those of the document, of which the timeline's tables tell. */
record RawHashes(Sql sql) implements ErasableStore {
    private static final String NOTE = "raw hashes";

    @Override
    public String name() {
        return "poison";
    }

    @Override
    public Phase phase() {
        return Phase.COPIES;
    }

    @Override
    public Coverage covers() {
        return Coverage.tables("poison");
    }

    @Override
    public long erase(Erasing erasing) {
        long removed = 0;
        for (String hash : hashes(erasing)) {
            removed += sql.update(
                    "DELETE FROM poison WHERE tenant = ? AND raw_hash = ?",
                    erasing.document().tenant().value(),
                    hash);
        }
        return removed;
    }

    @Override
    public Probed probe(Erasing erasing) {
        long found = 0;
        for (String hash : hashes(erasing)) {
            found += sql.first(
                            "SELECT COUNT(*) FROM poison WHERE tenant = ? AND raw_hash = ?",
                            row -> row.getLong(1),
                            erasing.document().tenant().value(),
                            hash)
                    .orElse(0L);
        }
        return Probed.of(found);
    }

    private List<String> hashes(Erasing erasing) {
        String key = erasing.document().toString();
        return erasing.remember(
                NOTE,
                () -> sql.query(
                        "SELECT raw_hash FROM extraction WHERE document_key = ? UNION SELECT raw_hash FROM quarantine_entry"
                                + " WHERE document_key = ? AND raw_hash IS NOT NULL",
                        row -> row.getString(1),
                        key,
                        key));
    }
}
