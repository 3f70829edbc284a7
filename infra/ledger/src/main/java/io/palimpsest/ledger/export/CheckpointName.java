package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.util.Locale;

/**
 * What an exported checkpoint is called: {@code checkpoint-000000001042-9f86d081884c7d65}, by the entries it covers, so that names sort
 * by age, and by the first 16 hex digits of the root, so that a log that says two things of one size leaves both.
 */
final class CheckpointName {
    private static final int DIGITS = 16;

    private CheckpointName() {}

    static String of(SignedNote checkpoint) {
        Checkpoint said = Checkpoint.parse(checkpoint.text());
        return String.format(
                Locale.ROOT,
                "checkpoint-%012d-%s",
                said.treeSize(),
                said.rootHash().hex().substring(0, DIGITS));
    }
}
