package io.palimpsest.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.palimpsest.ledger.witness.FileWitnessMemory.Expected;
import io.palimpsest.ledger.witness.WitnessVerdict.Cosigned;
import io.palimpsest.verifier.merkle.ConsistencyProof;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked, in whatever order and at once: what was cosigned of a log is one chain. */
final class WitnessChainTest {
    private static final GrowingLog LOG = GrowingLog.of(GrowingLog.ORIGIN);
    /** The log, and what it would be rewritten from the third and the seventh entry on. */
    private static final List<GrowingLog> BRANCHES = List.of(LOG, LOG.rewritten(3), LOG.rewritten(7));

    private static final long MOST = 12;

    /**
     * @param old how much smaller than the new size; -1: what the witness itself says
     * @param proves whether the proof is sent that there is
     * @param restarts whether the witness is started anew before
     */
    record Asked(int branch, long size, long old, boolean proves, boolean restarts) {}

    private record Tree(int branch, long size) {}

    @Provide
    Arbitrary<List<Asked>> requests() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, BRANCHES.size() - 1),
                        Arbitraries.longs().between(0, MOST),
                        Arbitraries.longs().between(-1, 3),
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(true, false, false))
                .as(Asked::new)
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 150)
    void cosignedCheckpointsAreOneChainOverRestarts(@ForAll("requests") List<Asked> requests) throws IOException {
        Path folder = Files.createTempDirectory("witness");
        NoteSigner signer = NoteSigner.generate("w", KeyType.COSIGNATURE_V1, Clock.systemUTC());
        List<Tree> cosigned = new ArrayList<>();
        FileWitnessMemory memory = FileWitnessMemory.open(folder, Expected.ABSENT);
        try {
            Witness witness = new Witness(LOG.trusted(), signer, memory);
            for (Asked asked : requests) {
                if (asked.restarts()) {
                    memory.close();
                    memory = FileWitnessMemory.open(folder, Expected.PRESENT);
                    witness = new Witness(LOG.trusted(), signer, memory);
                }
                cosigned.addAll(ask(witness, asked));
            }
        } finally {
            memory.close();
            delete(folder);
        }
        for (int i = 1; i < cosigned.size(); i++) {
            assertThat(cosigned.get(i).size())
                    .as("in the order in which they were cosigned")
                    .isGreaterThanOrEqualTo(cosigned.get(i - 1).size());
        }
        areOneChain(cosigned);
    }

    @Property(tries = 150)
    void cosignedCheckpointsAreOneChainWhenAskedAtOnce(@ForAll("requests") List<Asked> requests) throws Exception {
        Witness witness = new Witness(
                LOG.trusted(),
                NoteSigner.generate("w", KeyType.COSIGNATURE_V1, Clock.systemUTC()),
                new InMemoryWitnessMemory(Duration.ofNanos(200_000)));
        List<Tree> cosigned = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<Tree>>> answers = new ArrayList<>();
            for (Asked asked : requests) {
                answers.add(threads.submit(() -> ask(witness, asked)));
            }
            for (Future<List<Tree>> answer : answers) {
                cosigned.addAll(answer.get());
            }
        }
        areOneChain(cosigned);
    }

    /** @return the tree, if it was cosigned */
    private static List<Tree> ask(Witness witness, Asked asked) {
        GrowingLog log = BRANCHES.get(asked.branch());
        long old = asked.old() < 0 ? sizeOf(witness) : Math.max(0, asked.size() - asked.old());
        AddCheckpoint request = asked.proves()
                ? log.request(old, asked.size())
                : new AddCheckpoint(old, List.of(), log.checkpoint(asked.size()));
        return witness.judge(request.bytes()) instanceof Cosigned
                ? List.of(new Tree(asked.branch(), asked.size()))
                : List.of();
    }

    /** A log of one entry more than ever is cosigned has no proof from anywhere: only its size is wrong. */
    private static long sizeOf(Witness witness) {
        return witness.judge(LOG.request(MOST + 1, MOST + 1).bytes()) instanceof WitnessVerdict.OtherSize other
                ? other.lastSize()
                : 0;
    }

    private static void areOneChain(List<Tree> cosigned) {
        List<Tree> chain =
                cosigned.stream().sorted(Comparator.comparingLong(Tree::size)).toList();
        for (int i = 1; i < chain.size(); i++) {
            Tree earlier = chain.get(i - 1);
            Tree later = chain.get(i);
            ConsistencyProof proof = BRANCHES.get(later.branch()).proof(earlier.size(), later.size());
            assertThatCode(() -> proof.verify(
                            BRANCHES.get(earlier.branch()).root(earlier.size()),
                            BRANCHES.get(later.branch()).root(later.size())))
                    .as("%s and %s of %s", earlier, later, chain)
                    .doesNotThrowAnyException();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
