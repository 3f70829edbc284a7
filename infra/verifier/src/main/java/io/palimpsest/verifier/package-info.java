/**
 * What an auditor runs, with a file, a key, and nothing else. Needs no server, no database and no library. Entry class: {@link
 * io.palimpsest.verifier.VerifierMain}.
 */
@NullMarked
package io.palimpsest.verifier;

import org.jspecify.annotations.NullMarked;
