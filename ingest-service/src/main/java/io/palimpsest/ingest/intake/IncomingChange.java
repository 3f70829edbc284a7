package io.palimpsest.ingest.intake;

import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A valid change of a source, its content not yet stored.
 *
 * @param content null unless the type carries content
 */
public record IncomingChange(
        DocumentKey key,
        String source,
        String eventId,
        ChangeType type,
        @Nullable Position position,
        @Nullable Content content,
        DocumentProperties properties,
        @Nullable Instant time) {

    /** Where the bytes are. */
    public sealed interface Content {
        /** In the event. The array is not copied: nobody writes to it. */
        final class Inline implements Content {
            private final byte[] bytes;

            public Inline(byte[] bytes) {
                this.bytes = bytes;
            }

            public byte[] bytes() {
                return bytes;
            }

            @Override
            public String toString() {
                return "Inline[" + bytes.length + " bytes]"; // never content
            }
        }

        /**
         * In a file that is stored at intake, so that later writes to it belong to later events.
         *
         * @param file its real path
         */
        record Local(Path file) implements Content {}

        /** Behind a URI, fetched by the extraction. */
        record At(URI uri) implements Content {}
    }

    public ChangeId changeId() {
        return ChangeId.of(key, source, eventId);
    }
}
