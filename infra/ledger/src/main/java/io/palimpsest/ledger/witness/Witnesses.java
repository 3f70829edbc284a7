package io.palimpsest.ledger.witness;

import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.Unreachable;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.witness.WitnessPolicy;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks all witnesses of one log at once for their cosignatures of its checkpoints.
 *
 * <p>Threading: safe; a witness that has not answered yet is not asked for a second checkpoint meanwhile. Failure: of a witness is
 * its outcome, and keeps no other from cosigning.
 */
public final class Witnesses implements AutoCloseable {
    private final WitnessPolicy policy;
    private final WitnessLimits limits;
    private final HttpClient http;
    private final List<AskedWitness> witnesses;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    private record Answer(String name, WitnessOutcome outcome) {}

    /**
     * @param quorum how many must cosign
     * @throws IllegalArgumentException as {@link WitnessPolicy} has it
     */
    public Witnesses(List<WitnessEndpoint> endpoints, int quorum, WitnessLimits limits, Clock clock) {
        this.policy =
                new WitnessPolicy(endpoints.stream().map(WitnessEndpoint::key).toList(), quorum);
        this.limits = limits;
        this.http = WitnessClient.http(limits.connect());
        this.witnesses = endpoints.stream()
                .map(endpoint -> new AskedWitness(new WitnessClient(endpoint, http, limits.request(), clock)))
                .toList();
    }

    public WitnessPolicy policy() {
        return policy;
    }

    /**
     * Returns when all have answered, or a while after enough have, or after {@code atMost}; what comes later is of use for the
     * next checkpoint only.
     *
     * @param checkpoint of always the same log, with its signature
     * @throws IllegalArgumentException when the note is not of a checkpoint
     */
    public Witnessed collect(SignedNote checkpoint, ConsistencyProofs proofs, Duration atMost)
            throws InterruptedException {
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        AddCheckpoint unused = new AddCheckpoint(0, List.of(), checkpoint);
        witnesses.forEach(witness -> requests.execute(() -> answers.add(answer(witness, checkpoint, proofs))));
        Map<String, WitnessOutcome> outcomes = new HashMap<>();
        SignedNote note = checkpoint;
        long until = System.nanoTime() + atMost.toNanos();
        boolean hasQuorum = policy.isSatisfiedBy(note);
        while (outcomes.size() < witnesses.size()) {
            Answer answer = answers.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                break;
            }
            outcomes.put(answer.name(), answer.outcome());
            if (answer.outcome() instanceof Cosigned cosigned) {
                note = note.with(List.of(cosigned.signature()));
                if (!hasQuorum && policy.isSatisfiedBy(note)) {
                    hasQuorum = true;
                    until = Math.min(
                                    until - System.nanoTime(),
                                    limits.afterQuorum().toNanos())
                            + System.nanoTime();
                }
            }
        }
        witnesses.forEach(
                witness -> outcomes.putIfAbsent(witness.name(), new Unreachable("it was not waited for longer")));
        return new Witnessed(note, outcomes, hasQuorum);
    }

    /** Requests under way are given up. */
    @Override
    public void close() {
        http.shutdownNow();
        requests.shutdownNow();
    }

    private static Answer answer(AskedWitness witness, SignedNote checkpoint, ConsistencyProofs proofs) {
        try {
            return new Answer(witness.name(), witness.ask(checkpoint, proofs));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(witness.name(), new Unreachable("it was not waited for longer"));
        } catch (RuntimeException e) {
            return new Answer(witness.name(), new Unreachable(e.toString()));
        }
    }
}
