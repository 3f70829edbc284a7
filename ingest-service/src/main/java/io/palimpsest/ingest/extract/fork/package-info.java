/**
 * What runs inside the forked parser process: how it reads a document, guards its budgets and hands the result back.
 * Depends on Tika and the JDK alone, for the fork's class path has nothing else, and must not log.
 */
@NullMarked
package io.palimpsest.ingest.extract.fork;

import org.jspecify.annotations.NullMarked;
