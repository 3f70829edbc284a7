/**
 * Where every change and every document stands, projected from the topics into the database; reads topics and never
 * writes one. Entry class: {@link io.palimpsest.ingest.timeline.TimelineProjector}.
 */
@NullMarked
package io.palimpsest.ingest.timeline;

import org.jspecify.annotations.NullMarked;
