/**
 * What the rooms exchange through the content store: extracted documents and their passages.
 */
@NullMarked
package io.palimpsest.contracts.content;

import org.jspecify.annotations.NullMarked;
