package io.palimpsest.ingest.passage;

import java.util.List;

/**
 * The blocks between two headings.
 *
 * @param firstPath headings embedded with the first passage: the section's own, after those without text that it is under
 * @param laterPath headings embedded with the further passages: the section's own
 * @param atoms at least one
 */
record Section(List<String> firstPath, List<String> laterPath, List<Atom> atoms) {}
