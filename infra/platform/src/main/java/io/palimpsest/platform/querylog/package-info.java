/**
 * The query log as services read it: one writes it, others ask what was shown. Entry class: {@link io.palimpsest.platform.querylog.LoggedQueries}.
 */
@NullMarked
package io.palimpsest.platform.querylog;

import org.jspecify.annotations.NullMarked;
