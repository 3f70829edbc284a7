package io.palimpsest.ingest.reconcile;

import java.util.Map;
import java.util.function.Predicate;

/**
 * What a source has.
 *
 * @param prints by document id, what the end of its change's event id would be: stands for the content
 * @param passedOver what is there and cannot be a document, or cannot be read
 * @param unsure of an id that is not listed: whether it may be there nevertheless
 */
public record Listed(Map<String, String> prints, long passedOver, Predicate<String> unsure) {
    /** The part of an event id that stands for the content. */
    public static String print(String eventId) {
        return eventId.substring(eventId.lastIndexOf(':') + 1);
    }
}
