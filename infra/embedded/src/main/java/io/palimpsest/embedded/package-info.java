/**
 * Engines that run inside the JVM. They are the real ones, bound to loopback; services reach them by address only. Entry
 * class: {@link io.palimpsest.embedded.EmbeddedKafka}.
 */
@NullMarked
package io.palimpsest.embedded;

import org.jspecify.annotations.NullMarked;
