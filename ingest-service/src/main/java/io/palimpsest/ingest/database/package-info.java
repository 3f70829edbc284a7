/** How values become columns and back; knows no table. Entry class: {@link io.palimpsest.ingest.database.Columns}. */
@NullMarked
package io.palimpsest.ingest.database;

import org.jspecify.annotations.NullMarked;
