/**
 * Every setting of every service: type, default, check and documentation in one place. Nothing else reads the environment. Entry class: {@link io.palimpsest.platform.config.Settings}.
 */
@NullMarked
package io.palimpsest.platform.config;

import org.jspecify.annotations.NullMarked;
