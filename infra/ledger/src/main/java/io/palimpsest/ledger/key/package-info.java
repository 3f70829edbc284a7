/** Keys of checkpoints that are not in a file of ours: keystores, devices, services. Entry class: {@link io.palimpsest.ledger.key.RemoteKeys}. */
@NullMarked
package io.palimpsest.ledger.key;

import org.jspecify.annotations.NullMarked;
