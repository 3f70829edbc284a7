package io.palimpsest.ingest.passage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Chooses where a section is cut. A range over the limit is cut after the atom of lowest priority that is far enough
 * from both ends, then each side likewise: a treap over the text, whose shape depends on the text alone and not on how
 * it came about, so an edit moves only boundaries next to it.
 */
final class Boundaries {
    private final int maxTokens;
    private final int minTokens;

    Boundaries(int maxTokens, int minTokens) {
        this.maxTokens = maxTokens;
        this.minTokens = minTokens;
    }

    /** Ranges of atoms, ascending, that cover all atoms; each at most {@code maxTokens} if no single atom is longer. */
    List<Run> cut(List<Atom> atoms) {
        long[] before = new long[atoms.size() + 1]; // tokens before each atom
        for (int i = 0; i < atoms.size(); i++) {
            before[i + 1] = before[i] + atoms.get(i).tokens();
        }
        List<Run> runs = new ArrayList<>();
        Deque<Run> open = new ArrayDeque<>();
        open.push(new Run(0, atoms.size()));
        while (!open.isEmpty()) {
            Run run = open.pop();
            if (run.size() == 1 || before[run.to()] - before[run.from()] <= maxTokens) {
                runs.add(run);
            } else {
                int boundary = boundary(atoms, before, run);
                open.push(new Run(boundary, run.to()));
                open.push(new Run(run.from(), boundary));
            }
        }
        return runs;
    }

    private int boundary(List<Atom> atoms, long[] before, Run run) {
        int best = -1;
        int mostEven = run.from() + 1;
        for (int i = run.from() + 1; i < run.to(); i++) {
            long shorter = shorterSide(before, run, i);
            long evenest = shorterSide(before, run, mostEven);
            if (shorter > evenest) {
                mostEven = i;
            }
            if (shorter >= minTokens && (best < 0 || stronger(atoms, before, run, i, best))) {
                best = i;
            }
        }
        return best < 0 ? mostEven : best;
    }

    /** Equal texts have equal priorities: the one nearer to the middle is taken, which keeps repeated text shallow. */
    private static boolean stronger(List<Atom> atoms, long[] before, Run run, int candidate, int best) {
        long a = atoms.get(candidate - 1).priority();
        long b = atoms.get(best - 1).priority();
        return a == b ? shorterSide(before, run, candidate) > shorterSide(before, run, best) : a < b;
    }

    private static long shorterSide(long[] before, Run run, int boundary) {
        return Math.min(before[boundary] - before[run.from()], before[run.to()] - before[boundary]);
    }

    /** Atoms {@code from} inclusive to {@code to} exclusive, at least one. */
    record Run(int from, int to) {
        int size() {
            return to - from;
        }
    }
}
