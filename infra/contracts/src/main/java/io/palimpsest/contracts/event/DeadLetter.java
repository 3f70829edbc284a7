package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ChangeId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event that was set aside, with the reason. Holds no content: the original stays at its place in the topic for that
 * topic's retention.
 *
 * @param attributes CloudEvents attributes that could be read, values cut at 256 characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        @Nullable ChangeId changeId,
        ErrorCode errorCode,
        String message,
        String topic,
        int partition,
        long offset,
        Map<String, String> attributes,
        Instant at) {
    public DeadLetter {
        attributes = Map.copyOf(attributes);
    }
}
