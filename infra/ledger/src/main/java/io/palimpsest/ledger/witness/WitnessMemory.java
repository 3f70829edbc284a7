package io.palimpsest.ledger.witness;

import java.io.IOException;

/** What a witness has cosigned last, of each log. Used by one thread at a time. */
public interface WitnessMemory {
    /** {@link TreeHead#NONE} where there is none. */
    TreeHead last(String origin);

    /**
     * On return it outlives the process and a loss of power.
     *
     * @throws IOException when it may be remembered, or not
     */
    void remember(String origin, TreeHead head) throws IOException;
}
