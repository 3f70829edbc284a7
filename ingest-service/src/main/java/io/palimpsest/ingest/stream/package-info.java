/**
 * What the stream topologies of this service share: reading events so that unreadable ones are set aside. Knows nothing of what the
 * events mean. Entry class: {@link io.palimpsest.ingest.stream.EventReader}.
 */
@NullMarked
package io.palimpsest.ingest.stream;

import org.jspecify.annotations.NullMarked;
