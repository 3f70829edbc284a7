package io.palimpsest.ledger.log;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * With all of the log, by the log's own key: perfect to whoever has seen nothing before. Checkpoints of 300, 66,000 and 69,950
 * entries were seen.
 */
enum HistoryTampering implements Tampering {
    ENTRY_REWRITTEN(forger -> rewritten(forger, 5)),
    ENTRY_BEFORE_THE_LAST_BUT_ONE_REWRITTEN(forger -> rewritten(forger, 65_999)),
    FORKED_BEFORE_THE_LAST_ONE_SEEN(forger -> rewritten(forger, 69_000)),
    ROLLED_BACK(forger -> forger.cut(66_000)),
    ROLLED_BACK_BY_ONE(forger -> forger.cut(69_949)),
    STARTED_AGAIN(forger -> forger.cut(0)),
    REWRITTEN_AT_THE_SIZE_SEEN(forger -> {
        forger.rewrite(2000, 2);
        forger.cut(69_950);
    }),
    EARLIER_ONE_OF_A_FORK(forger -> forger.evidence()
            .earlier
            .set(2, Forger.signed(new Checkpoint("log.test", 69_950, Hash.leaf(new byte[0])).text(), Logs.SIGNER))),
    EARLIER_ONE_OF_A_LONGER_LOG(forger -> forger.evidence()
            .earlier
            .set(2, Forger.signed(new Checkpoint("log.test", 70_001, Hash.leaf(new byte[0])).text(), Logs.SIGNER))),
    EARLIER_ONE_BY_A_STRANGER(forger -> forger.evidence()
            .earlier
            .set(
                    2,
                    Forger.signed(
                            forger.checkpoint(69_950),
                            NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC()))));

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that keep nothing
    private final Consumer<Forger> deed;

    HistoryTampering(Consumer<Forger> deed) {
        this.deed = deed;
    }

    @Override
    public Finding foundIn() {
        return Finding.HISTORY;
    }

    @Override
    public void by(Forger forger) {
        deed.accept(forger);
    }

    private static void rewritten(Forger forger, long index) {
        forger.rewrite(index, 2);
        forger.sign(forger.checkpoint(70_000));
    }
}
