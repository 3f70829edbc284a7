/**
 * The connection to a Temporal server, for the services that run workflows: made, checked and held here, nothing else. No
 * workflow lives here. Entry class: {@link io.palimpsest.platform.temporal.TemporalConnection}.
 */
@NullMarked
package io.palimpsest.platform.temporal;

import org.jspecify.annotations.NullMarked;
