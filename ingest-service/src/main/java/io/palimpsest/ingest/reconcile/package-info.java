/**
 * Holds what sources have against the documents that we have, and lets sources tell anew what differs. Publishes nothing itself:
 * only a source numbers its changes. Entry class: {@link io.palimpsest.ingest.reconcile.Reconciler}.
 */
@NullMarked
package io.palimpsest.ingest.reconcile;

import org.jspecify.annotations.NullMarked;
