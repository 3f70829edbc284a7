package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.List;

/** Where events go. Threading: safe. */
interface EventSender extends AutoCloseable {
    /**
     * Returns when all of them were taken, or will never be.
     *
     * @throws PalimpsestException {@link ErrorCode#LINEAGE_UNAVAILABLE}: some may have been taken
     */
    void send(List<RunEvent> events);

    @Override
    void close();
}
