/**
 * What is current: the latest revision of every document, kept in memory, that search checks every hit against. Must not read the index. Entry class: {@link io.palimpsest.index.revision.RevisionView}.
 */
@NullMarked
package io.palimpsest.index.revision;

import org.jspecify.annotations.NullMarked;
