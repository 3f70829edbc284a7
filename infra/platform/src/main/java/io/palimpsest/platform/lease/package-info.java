/**
 * What one process may hold at a time: names of instances, work that only one does. Knows nothing of what is held. Entry
 * class: {@link io.palimpsest.platform.lease.Leases}.
 */
@NullMarked
package io.palimpsest.platform.lease;

import org.jspecify.annotations.NullMarked;
