package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Hop 5: a revision is what searches of a generation see from now on.
 *
 * @param version highest accepted version in the revision: this one and all below have ended
 * @param searchable false when the document is now absent from search (deleted, empty, quarantined)
 * @param passages live passages of the document after this
 * @param embedded passages whose text had to be embedded
 * @param reused passages whose embedding was there already
 * @param errorCode why a revision that has text is not searchable: its stored content is damaged or was erased
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentIndexed(
        DocumentKey key,
        GenerationId generation,
        ModelId model,
        long revision,
        long version,
        ChangeId changeId,
        String source,
        boolean searchable,
        int passages,
        int embedded,
        int reused,
        Instant receivedAt,
        Instant indexedAt,
        @Nullable ErrorCode errorCode) {}
