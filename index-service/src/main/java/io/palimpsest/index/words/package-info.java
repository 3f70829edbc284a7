/**
 * What a word is, for every engine alike: how texts and queries are cut, folded and stemmed. It must not know an index.
 * Entry: {@link io.palimpsest.index.words.WordAnalysis}.
 */
@NullMarked
package io.palimpsest.index.words;

import org.jspecify.annotations.NullMarked;
