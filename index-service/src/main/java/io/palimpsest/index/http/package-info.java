/**
 * The search, answer and citation routes. Entry class: {@link io.palimpsest.index.http.SearchRoutes}.
 */
@NullMarked
package io.palimpsest.index.http;

import org.jspecify.annotations.NullMarked;
