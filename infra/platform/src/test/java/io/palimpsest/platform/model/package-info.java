@NullMarked
package io.palimpsest.platform.model;

import org.jspecify.annotations.NullMarked;
