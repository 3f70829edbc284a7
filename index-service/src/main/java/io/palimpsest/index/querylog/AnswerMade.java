package io.palimpsest.index.querylog;

import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import java.util.Set;

/**
 * What became of the passages of an answer.
 *
 * @param generator name and version of what wrote
 * @param abstained whether nothing was said
 * @param cited passages that sentences of it stand on
 */
public record AnswerMade(String generator, boolean abstained, Set<Cited> cited) {
    public AnswerMade {
        cited = Set.copyOf(cited);
    }

    /** A passage of a document. */
    public record Cited(DocumentId document, PassageId passage) {}
}
