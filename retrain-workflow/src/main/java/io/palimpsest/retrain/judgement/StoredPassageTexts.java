package io.palimpsest.retrain.judgement;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.content.ContentStore;
import java.io.UncheckedIOException;
import java.util.Optional;

/** From the content store; what is gone or damaged there is absent. The text is what is embedded: its headings are part of it. */
public final class StoredPassageTexts implements PassageTexts {
    private final ContentStore store;

    public StoredPassageTexts(ContentStore store) {
        this.store = store;
    }

    @Override
    public Optional<String> text(Place place) {
        ContentHash extracted = place.extracted();
        ContentHash passages = place.passages();
        if (extracted == null || passages == null) {
            return Optional.empty();
        }
        Optional<PassageManifest> manifest = read(place.document(), passages, PassageManifest.class);
        return manifest.flatMap(found -> found.passages().stream()
                        .filter(passage -> passage.id().equals(place.passage()))
                        .findFirst())
                .flatMap(passage -> read(place.document(), extracted, ExtractedDocument.class)
                        .filter(document -> passage.end() <= document.text().length())
                        .map(passage::embeddedTextIn));
    }

    private <T> Optional<T> read(DocumentKey key, ContentHash hash, Class<T> type) {
        try {
            return Optional.of(Json.read(store.read(key, hash), type));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE || e.code() == ErrorCode.CONTENT_DAMAGED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
