package io.palimpsest.ingest.work;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What extractions gave: the same bytes of a document under the same extractor, policy and hints are not parsed twice. */
final class KnownExtractions {
    private static final String PARTIAL = "PARTIAL";

    private final Sql sql;

    KnownExtractions(Sql sql) {
        this.sql = sql;
    }

    /**
     * What an extraction depends on.
     *
     * @param recipe passage policy and a hash of the hints that the parser was given
     */
    record Input(DocumentKey key, ContentHash raw, String fingerprint, String recipe) {}

    /**
     * What there was.
     *
     * @param extracted null when there was no text, and passages too
     * @param isPartial the text lacks parts: the extracted form tells which
     */
    record Known(
            @Nullable ContentHash extracted,
            @Nullable ContentHash passages,
            int passageCount,
            @Nullable String title,
            @Nullable String mediaType,
            boolean isPartial) {}

    Optional<Known> find(Input input) {
        return sql.first(
                "SELECT * FROM extraction WHERE document_key = ? AND raw_hash = ? AND fingerprint = ? AND policy = ?",
                row -> new Known(
                        hash(row.getString("extracted")),
                        hash(row.getString("passages")),
                        row.getInt("passage_count"),
                        row.getString("title"),
                        row.getString("media_type"),
                        row.getString("outcome").equals(PARTIAL)),
                Columns.of(input.key(), input.raw(), input.fingerprint(), input.recipe()));
    }

    void save(Input input, Known known) {
        sql.update(
                "INSERT INTO extraction (document_key, raw_hash, fingerprint, policy, outcome, extracted, passages,"
                        + " passage_count, title, media_type) VALUES (" + Columns.placeholders(10) + ")"
                        + " ON CONFLICT (document_key, raw_hash, fingerprint, policy) DO UPDATE SET"
                        + " extracted = excluded.extracted, passages = excluded.passages,"
                        + " passage_count = excluded.passage_count, outcome = excluded.outcome",
                Columns.of(
                        input.key(),
                        input.raw(),
                        input.fingerprint(),
                        input.recipe(),
                        outcome(known),
                        known.extracted(),
                        known.passages(),
                        known.passageCount(),
                        known.title(),
                        known.mediaType()));
    }

    private static String outcome(Known known) {
        if (known.extracted() == null) {
            return "EMPTY";
        }
        return known.isPartial() ? PARTIAL : "EXTRACTED";
    }

    private static @Nullable ContentHash hash(@Nullable String text) {
        return text == null ? null : new ContentHash(text);
    }
}
