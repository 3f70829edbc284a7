package io.palimpsest.retrain.judgement;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.platform.content.InMemoryContentStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StoredPassageTextsTest {
    private static final DocumentKey KEY = DocumentKey.of(DOCS, "a");

    private final InMemoryContentStore store = new InMemoryContentStore();
    private final PassageTexts texts = new StoredPassageTexts(store);

    @Test
    void aPassageIsReadFromTheRevisionThatWasGradedUntilItIsErased() {
        String text = "Refunds take five days. They need a receipt.";
        ContentHash extracted = store.put(KEY, Json.write(document(text)));
        ContentHash hash = ContentHash.ofText("They need a receipt.");
        Passage passage = new Passage(PassageId.of(hash, 0), 24, text.length(), List.of("Travel"), null, null, hash, 5);
        ContentHash passages =
                store.put(KEY, Json.write(new PassageManifest(new PassagePolicyId("p1"), List.of(passage))));
        PassageTexts.Place place = new PassageTexts.Place(KEY, passage.id(), extracted, passages);

        assertThat(texts.text(place)).contains("Travel\nThey need a receipt.");
        assertThat(texts.text(
                        new PassageTexts.Place(KEY, PassageId.of(ContentHash.ofText("x"), 0), extracted, passages)))
                .isEmpty();
        assertThat(texts.text(new PassageTexts.Place(KEY, passage.id(), null, null)))
                .isEmpty();
        assertThat(texts.text(new PassageTexts.Place(KEY, passage.id(), passages, passages)))
                .isEmpty();
        store.eraseDocument(KEY);
        assertThat(texts.text(place)).isEmpty();
    }

    private static ExtractedDocument document(String text) {
        return new ExtractedDocument(null, "text/plain", text, List.<Block>of(), Map.of());
    }
}
