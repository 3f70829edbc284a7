@NullMarked
package io.palimpsest.index.erase;

import org.jspecify.annotations.NullMarked;
