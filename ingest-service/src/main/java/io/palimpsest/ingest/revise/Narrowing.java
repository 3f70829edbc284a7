package io.palimpsest.ingest.revise;

import io.palimpsest.contracts.event.DocumentProperties;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of an access change must not wait for new content: whoever loses access loses it at once, who gains it waits. */
final class Narrowing {
    private Narrowing() {}

    /** The principals of {@code shown} that {@code newest} still admits; {@link DocumentProperties#EVERYONE} admits all. */
    static List<String> of(List<String> shown, List<String> newest) {
        if (newest.contains(DocumentProperties.EVERYONE)) {
            return shown;
        }
        if (shown.contains(DocumentProperties.EVERYONE)) {
            return newest;
        }
        Set<String> admitted = new HashSet<>(newest);
        return shown.stream().filter(admitted::contains).toList();
    }
}
