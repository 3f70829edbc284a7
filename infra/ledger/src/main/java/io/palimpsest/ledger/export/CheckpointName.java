package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.util.Locale;

/** What an exported checkpoint is called: {@code checkpoint-000000001042}, by the entries it covers, so that names sort by age. */
final class CheckpointName {
    private CheckpointName() {}

    static String of(SignedNote checkpoint) {
        return String.format(
                Locale.ROOT,
                "checkpoint-%012d",
                Checkpoint.parse(checkpoint.text()).treeSize());
    }
}
