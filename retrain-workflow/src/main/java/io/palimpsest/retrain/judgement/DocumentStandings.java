package io.palimpsest.retrain.judgement;

import io.palimpsest.contracts.id.DocumentKey;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** What may be done with documents now. Threading: safe. */
@FunctionalInterface
public interface DocumentStandings {
    /** Empty where no revision of the document was ever seen. */
    Optional<Standing> of(DocumentKey document);

    /**
     * A document's current revision, as far as it matters here.
     *
     * @param access principals that may see it; empty admits nobody
     */
    record Standing(long revision, boolean live, boolean sensitive, Set<String> access) {
        public Standing {
            access = Set.copyOf(access);
        }

        public boolean admits(Set<String> principals) {
            return live && !Collections.disjoint(access, principals);
        }
    }
}
