package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.PassageId;

/**
 * A passage to be indexed.
 *
 * @param embeddedText what the keyword leg searches; analysed, never stored
 * @param vector float[dimensions], L2-normalised to 1e-3; not copied, so it must not be changed afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // a list of boxed floats would cost four times the memory on the hot path
public record PassageEntry(PassageId id, String embeddedText, float[] vector) {}
