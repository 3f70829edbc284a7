/**
 * Cuts an extracted document into passages whose boundaries depend on the text around them alone, so that an edit
 * moves no boundary elsewhere. Pure: no I/O, no clock, no state. Entry class: {@link io.palimpsest.ingest.passage.PassageCutter}.
 */
@NullMarked
package io.palimpsest.ingest.passage;

import org.jspecify.annotations.NullMarked;
