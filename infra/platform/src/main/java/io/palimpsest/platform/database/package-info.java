/**
 * The relational database: opening, migrating, and small functions over JDBC. SQL here is what SQLite and PostgreSQL both take. Entry class: {@link io.palimpsest.platform.database.Database}.
 */
@NullMarked
package io.palimpsest.platform.database;

import org.jspecify.annotations.NullMarked;
