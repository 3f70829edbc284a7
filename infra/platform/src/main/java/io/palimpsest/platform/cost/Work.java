package io.palimpsest.platform.cost;

import io.palimpsest.contracts.id.CollectionKey;
import org.jspecify.annotations.Nullable;

/**
 * What time is spent on.
 *
 * @param subject see {@link WorkKind}
 * @param runId null for work of no run
 */
public record Work(
        CollectionKey collection,
        WorkKind kind,
        String subject,
        @Nullable String runId) {
    public static Work of(CollectionKey collection, WorkKind kind, String subject) {
        return new Work(collection, kind, subject, null);
    }
}
