/**
 * What reproduces a query, kept for a bounded time; query text is personal and only stored encrypted. Entry class: {@link io.palimpsest.index.querylog.QueryLog}.
 */
@NullMarked
package io.palimpsest.index.querylog;

import org.jspecify.annotations.NullMarked;
