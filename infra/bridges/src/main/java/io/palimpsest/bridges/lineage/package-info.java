/**
 * OpenLineage events of ingestion, index builds and trainings: ids, hashes and counts, never a document. Entry class: {@link
 * io.palimpsest.bridges.lineage.LineageBridge}.
 */
@NullMarked
package io.palimpsest.bridges.lineage;

import org.jspecify.annotations.NullMarked;
