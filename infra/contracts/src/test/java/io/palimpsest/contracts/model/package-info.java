@NullMarked
package io.palimpsest.contracts.model;

import org.jspecify.annotations.NullMarked;
