/**
 * Everything in one JVM with embedded engines, and the command line. Wires the services by constructor; the only place
 * that reads the environment. Entry class: {@link io.palimpsest.standalone.Main}.
 */
@NullMarked
package io.palimpsest.standalone;

import org.jspecify.annotations.NullMarked;
