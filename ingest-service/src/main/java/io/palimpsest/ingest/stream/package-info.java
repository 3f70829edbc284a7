/**
 * What the stream topologies of this service share: reading events so that unreadable ones are set aside, and running a
 * topology. Knows nothing of what the events mean. Entry classes: {@link io.palimpsest.ingest.stream.EventReader},
 * {@link io.palimpsest.ingest.stream.StreamsRunner}.
 */
@NullMarked
package io.palimpsest.ingest.stream;

import org.jspecify.annotations.NullMarked;
