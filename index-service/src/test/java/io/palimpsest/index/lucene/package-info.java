/** The Lucene index against the contract, and what only it can do wrong: files, quantisation, full disks. */
@NullMarked
package io.palimpsest.index.lucene;

import org.jspecify.annotations.NullMarked;
