package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.platform.config.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes of one document, told briefly: {@code at} is the sequence, negative for none. */
public final class Changes {
    public static final DocumentKey KEY = DocumentKey.of("acme", "docs", "urn:doc:1");
    public static final Instant RECEIVED = Instant.parse("2026-11-01T00:00:00Z");
    public static final GateRules RULES = GateRules.of(Settings.load(Map.of()).gate(), 8L << 20);
    public static final String SOURCE = "urn:source:a";

    private Changes() {}

    public static DocumentChanged updated(long at, String text) {
        return updated(at, text, new DocumentProperties("t" + at, "/l" + at, null, null, null, null, null));
    }

    public static DocumentChanged updated(long at, String text, DocumentProperties properties) {
        return change(SOURCE, ChangeType.UPDATED, at, stored(text), properties);
    }

    public static DocumentChanged moved(long at, String location) {
        return change(
                SOURCE,
                ChangeType.MOVED,
                at,
                null,
                new DocumentProperties(null, location, null, null, null, null, null));
    }

    public static DocumentChanged access(long at, String... principals) {
        return change(SOURCE, ChangeType.ACCESS_CHANGED, at, null, admitting(principals));
    }

    public static DocumentChanged deleted(long at) {
        return change(SOURCE, ChangeType.DELETED, at, null, DocumentProperties.NONE);
    }

    public static DocumentProperties admitting(String... principals) {
        return new DocumentProperties(null, null, null, null, List.of(principals), null, null);
    }

    public static ContentReference stored(String text) {
        return ContentReference.stored(ContentHash.ofText(text), text.length());
    }

    public static DocumentChanged change(
            String source,
            ChangeType type,
            long at,
            @Nullable ContentReference content,
            DocumentProperties properties) {
        return change(source, type, at < 0 ? null : new Position(0, at), "" + at, content, properties);
    }

    static DocumentChanged change(
            String source,
            ChangeType type,
            Position at,
            @Nullable ContentReference content,
            DocumentProperties properties) {
        return change(source, type, at, at.toString(), content, properties);
    }

    private static DocumentChanged change(
            String source,
            ChangeType type,
            @Nullable Position position,
            String at,
            @Nullable ContentReference content,
            DocumentProperties properties) {
        String eventId = source + type + at + properties.hashCode() + (content == null ? "" : content.hashCode());
        return new DocumentChanged(
                ChangeId.of(KEY, source, eventId),
                KEY,
                source,
                eventId,
                type,
                position,
                content,
                properties,
                RECEIVED,
                RECEIVED);
    }

    public static LedgerEntry ledgerEntry(DocumentAccepted accepted) {
        return new LedgerEntry(
                "accepted-" + accepted.changeId(),
                LedgerEntry.Type.CHANGE_ACCEPTED,
                accepted.acceptedAt(),
                "service:ingest",
                accepted.key().tenant(),
                accepted.key().collection(),
                Map.of("version", "" + accepted.version()),
                null);
    }
}
