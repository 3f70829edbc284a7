/**
 * Facts on topics, as records. Ids, hashes and references only: never document text. A record that lacks
 * a required field cannot be made, so none can be read. Serialised by {@link io.palimpsest.contracts.event.Json}; described
 * by the JSON Schemas under {@code schema/}.
 */
@NullMarked
package io.palimpsest.contracts.event;

import org.jspecify.annotations.NullMarked;
