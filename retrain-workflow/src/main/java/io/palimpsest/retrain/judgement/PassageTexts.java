package io.palimpsest.retrain.judgement;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Texts of passages of any revision that is still kept. Threading: safe. Failure: {@code STORE_FAILED}. */
@FunctionalInterface
public interface PassageTexts {
    /** Empty where the document was erased, or this revision is not kept any more. */
    Optional<String> text(Place place);

    /**
     * A passage of a revision.
     *
     * @param extracted names the revision's text in the content store; null where that was not recorded
     * @param passages names its passage manifest
     */
    record Place(
            DocumentKey document,
            PassageId passage,
            @Nullable ContentHash extracted,
            @Nullable ContentHash passages) {}
}
