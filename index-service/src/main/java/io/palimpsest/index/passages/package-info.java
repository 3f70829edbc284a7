/**
 * The SPI of the index of passages: what is written, what is searched, and the laws both implementations keep. It must
 * not know an engine. Entry: {@link io.palimpsest.index.passages.PassageIndex}.
 */
@NullMarked
package io.palimpsest.index.passages;

import org.jspecify.annotations.NullMarked;
