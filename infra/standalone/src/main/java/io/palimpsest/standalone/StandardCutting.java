package io.palimpsest.standalone;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ingest.work.Cutting;
import java.util.function.ToIntFunction;

/** The standard passage policy, counted in the embedder's tokens. */
final class StandardCutting implements Cutting {
    private final PassagePolicy standard = PassagePolicy.standard();
    private final PassageCutter cutter;

    StandardCutting(ToIntFunction<String> tokens) {
        this.cutter = new PassageCutter(standard, tokens);
    }

    @Override
    public PassagePolicyId policy() {
        return standard.id();
    }

    @Override
    public PassageManifest cut(ExtractedDocument document) {
        return cutter.cut(document);
    }
}
