package io.palimpsest.ledger.witness;

import java.time.Duration;

/**
 * How long witnesses are waited for.
 *
 * @param connect for a connection
 * @param request for a whole request, the connection with it
 * @param afterQuorum for the others, once as many have cosigned as the policy asks for
 */
public record WitnessLimits(Duration connect, Duration request, Duration afterQuorum) {
    /** Arbitrary. */
    public static final WitnessLimits DEFAULT =
            new WitnessLimits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(200));
}
