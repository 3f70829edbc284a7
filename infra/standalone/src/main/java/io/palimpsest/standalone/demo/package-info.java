/**
 * The documents of {@code palimpsest demo}: written in real formats by the libraries of those formats, with questions
 * about them and edits to make. Must not know how they are indexed. Entry class:
 * {@link io.palimpsest.standalone.demo.DemoDocuments}.
 */
@NullMarked
package io.palimpsest.standalone.demo;

import org.jspecify.annotations.NullMarked;
