/** Tests of the routes, over HTTP. */
@NullMarked
package io.palimpsest.index.http;

import org.jspecify.annotations.NullMarked;
