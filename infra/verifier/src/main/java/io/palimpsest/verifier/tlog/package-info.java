/**
 * Layout of a log as files: tiles, entry bundles and checkpoints of C2SP tlog-tiles and tlog-checkpoint. Pure: no I/O. Entry
 * classes: {@link io.palimpsest.verifier.tlog.Tile}, {@link io.palimpsest.verifier.tlog.Checkpoint}.
 */
@NullMarked
package io.palimpsest.verifier.tlog;

import org.jspecify.annotations.NullMarked;
