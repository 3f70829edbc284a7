@NullMarked
package io.palimpsest.index.receipt;

import org.jspecify.annotations.NullMarked;
