/**
 * The HTTP server of every service: keys, limits, problems as JSON, health and metrics. Knows no route of its own beyond those. Entry class: {@link io.palimpsest.platform.http.ApiServer}.
 */
@NullMarked
package io.palimpsest.platform.http;

import org.jspecify.annotations.NullMarked;
