/** The doors between the rooms: events, topics, ids, error codes. No I/O. */
@NullMarked
package io.palimpsest.contracts;

import org.jspecify.annotations.NullMarked;
