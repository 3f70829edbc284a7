package io.palimpsest.ingest;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.ingest.work.Cutting;
import java.util.ArrayList;
import java.util.List;

/** Each block a passage: enough where the cut itself is not what is tested. */
final class ParagraphCutter implements Cutting {
    @Override
    public PassagePolicyId policy() {
        return new PassagePolicyId("paragraphs/1");
    }

    @Override
    public PassageManifest cut(ExtractedDocument document) {
        List<Passage> passages = new ArrayList<>();
        for (Block block : document.blocks()) {
            ContentHash hash = ContentHash.ofText(document.textOf(block));
            passages.add(new Passage(
                    PassageId.of(hash, passages.size()), block.start(), block.end(), List.of(), null, null, hash, 1));
        }
        return new PassageManifest(policy(), passages);
    }
}
