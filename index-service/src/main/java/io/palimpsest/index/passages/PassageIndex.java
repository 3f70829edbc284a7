package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passages of whole document revisions, searchable by vector and by keyword, with access, labels and history.
 *
 * <p>Threading: every method may be called from any thread; writes to one generation take turns.
 *
 * <p>Failure: an unknown generation is {@code NOT_FOUND}; a write that failed is {@code INDEX_WRITE_FAILED}, nothing of
 * it is visible and the same call may be repeated; a directory that does not open is {@code INDEX_CORRUPT}. A write
 * that breaks the contract (key of another collection, wrong dimension, vector not normalised) is an {@link
 * IllegalArgumentException}, and nothing of its batch is applied.
 */
public interface PassageIndex extends DocumentWriter, AutoCloseable {

    /**
     * A random name that is made with the index and lost with it: another one means that what was written before is gone,
     * in whole or in part, and has to be written again. Letters, digits and hyphens.
     */
    String incarnation();

    /** Idempotent; the same id with other properties is an {@link IllegalArgumentException}. */
    void createGeneration(Generation generation);

    List<Generation> generations();

    /** Removes everything of a generation, whatever state it is in; an unknown one is already gone. */
    void dropGeneration(GenerationId generation);

    /**
     * The revision that is visible at a moment; empty where there is none, so also after a delete.
     *
     * @param asOf null = now
     */
    Optional<IndexedDocument> document(GenerationId generation, DocumentKey key, @Nullable Instant asOf);

    /** Both legs of one query, answered from one snapshot. */
    LegHits search(GenerationId generation, PassageQuery query);

    IndexCounts counts(GenerationId generation);

    /**
     * Live documents in the order of {@link DocumentDigest#ORDER}, for comparing with the ledger of documents.
     *
     * @param after exclusive; null = from the beginning
     */
    List<DocumentDigest> digests(GenerationId generation, @Nullable DocumentKey after, int limit);

    /**
     * Shows every live document once, in no order, out of one state of the generation: that of a moment after the call
     * began, without anything that is applied after it. Holds up no writer, however long the reader takes.
     */
    void each(GenerationId generation, Consumer<ListedDocument> reader);

    /**
     * Forgets what ended at or before a moment, revisions and passages. Delete marks stay: they keep late writes out.
     *
     * @return passages removed
     */
    long purgeHistory(GenerationId generation, Instant before);

    /**
     * Removes every trace of a document, history and delete marks included, and from the engine's files too as far as the engine
     * lets one. For a document that no write comes for any more: nothing keeps a late one out.
     *
     * @return passages and revisions removed
     */
    long erase(GenerationId generation, DocumentKey key);

    /** Passages and revisions of a document, history and delete marks included. */
    long traces(GenerationId generation, DocumentKey key);

    /** Reads a sample, so it may take seconds; empty where the engine keeps itself in shape. */
    default Optional<IndexWear> wear(GenerationId generation) {
        return Optional.empty();
    }

    /** Terms of the index (as written, in lower case) that look like a term, best first, the term itself excluded. */
    List<String> similarTerms(GenerationId generation, String term, int limit);

    /** Passages that contain a term as written, case aside; history is counted too. */
    long termFrequency(GenerationId generation, String term);

    @Override
    void close();
}
