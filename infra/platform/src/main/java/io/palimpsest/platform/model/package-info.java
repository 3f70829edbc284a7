/** Models as things that are kept: their folders in the content store, their rows in the database. Entry class: {@link io.palimpsest.platform.model.ModelStore}. */
@NullMarked
package io.palimpsest.platform.model;

import org.jspecify.annotations.NullMarked;
