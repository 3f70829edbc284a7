/**
 * The whole of a log, read by somebody who trusts none of its files. Reads files, or asks an HTTP server. Entry class: {@link
 * io.palimpsest.verifier.audit.LogAudit}.
 */
@NullMarked
package io.palimpsest.verifier.audit;

import org.jspecify.annotations.NullMarked;
