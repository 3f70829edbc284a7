package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.GenerationId;
import java.util.List;

/** Takes writes of documents. Threading and failure: as {@link PassageIndex}. */
public interface DocumentWriter {
    /**
     * Applies whole revisions durably, visible to searches all at once: after return every search sees them, before it
     * none does. A version that is not newer than the document's is ignored and reported. A document may occur more than
     * once; its writes take effect in the order of the list.
     */
    ApplyResult apply(GenerationId generation, List<? extends DocumentWrite> writes);
}
