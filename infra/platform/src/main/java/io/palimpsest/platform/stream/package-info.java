/**
 * Running a Kafka Streams topology, exactly once. Knows nothing of what flows in it. Entry class:
 * {@link io.palimpsest.platform.stream.StreamsRunner}.
 */
@NullMarked
package io.palimpsest.platform.stream;

import org.jspecify.annotations.NullMarked;
