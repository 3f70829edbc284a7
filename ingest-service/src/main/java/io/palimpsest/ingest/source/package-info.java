/**
 * Sources of changes beside HTTP: the Kafka inbox and watched folders. They read, number and hand to the intake; they
 * decide nothing about documents. Entry classes: {@link io.palimpsest.ingest.source.FolderSource}, {@link
 * io.palimpsest.ingest.source.FolderNames}, {@link
 * io.palimpsest.ingest.source.KafkaSource}.
 */
@NullMarked
package io.palimpsest.ingest.source;

import org.jspecify.annotations.NullMarked;
