package io.palimpsest.ingest.intake;

import io.cloudevents.CloudEvent;
import io.cloudevents.rw.CloudEventRWException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Foreign bytes to a CloudEvent. Failure: EVENT_MALFORMED, whatever the library made of them. */
public final class ForeignEvents {
    private ForeignEvents() {}

    /** @param library has the bytes; what it throws, and that it gives nothing, is the event's fault */
    public static CloudEvent read(Supplier<@Nullable CloudEvent> library) {
        CloudEvent event;
        try {
            event = library.get();
        } catch (RuntimeException e) { // of many types, null pointers among them
            // The library's messages may quote the event: only its kind of failure is passed on.
            String kind = e instanceof CloudEventRWException known
                    ? known.getKind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    : "not an event";
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the CloudEvent cannot be read: " + kind, e);
        }
        if (event == null) {
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the CloudEvent cannot be read: not an event");
        }
        return event;
    }
}
