package io.palimpsest.ingest.work;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.id.PassagePolicyId;

/** Cuts an extracted document into passages. Threading: safe. */
public interface Cutting {
    PassagePolicyId policy();

    PassageManifest cut(ExtractedDocument document);
}
