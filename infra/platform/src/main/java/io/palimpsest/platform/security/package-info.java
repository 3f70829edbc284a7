/**
 * Who may do what: API keys, callers and their roles, the local key, secret files, and where a server may bind. Entry class: {@link io.palimpsest.platform.security.ApiKeys}.
 */
@NullMarked
package io.palimpsest.platform.security;

import org.jspecify.annotations.NullMarked;
