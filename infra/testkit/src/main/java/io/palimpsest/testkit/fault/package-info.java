/**
 * Faults of the network between the platform and a server. Entry class: {@link io.palimpsest.testkit.fault.FaultProxy}.
 */
@NullMarked
package io.palimpsest.testkit.fault;

import org.jspecify.annotations.NullMarked;
