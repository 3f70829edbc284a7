package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.retrain.workflow.TrainingActivities.Decision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An erasure as a run: who must say yes, in which order stores have their turn, and what ends it. */
final class EraseWorkflowTest {
    private static final List<String> ONE_ROUND = List.of(
            "ERASE HIDE 1", "ERASE COPIES 1", "ERASE CONTENT 1", "ERASE RECORDS 1", "ERASE PROOFS 1", "PROBE 1");

    private final WorkflowWorld world = new WorkflowWorld();
    private final FakeErasure stores = world.activities.erasure;

    @AfterEach
    void close() {
        world.close();
    }

    static EraseRequest request() {
        return new EraseRequest("e1", WorkflowWorld.SCOPE, "manual:alice", Duration.ofDays(3));
    }

    private EraseWorkflow workflow() {
        return world.stub(EraseWorkflow.class, WorkflowIds.run(RunRequest.ERASE, "e1"));
    }

    @Test
    void suppressesBeforeItErasesAndCertifiesOnlyWhatEveryLookFoundEmpty() {
        RunEnd end = workflow().run(request());

        assertThat(end.outcome()).isEqualTo(Outcome.ERASED);
        assertThat(stores.asked).startsWith("begin", "FIND 1", "suppress").containsSequence(ONE_ROUND);
        assertThat(stores.asked).endsWith("certify", "ERASE PROOFS 6");
        assertThat(stores.end).isEqualTo(end);
    }

    @Test
    void whatALookFindsIsErasedAgain() {
        stores.found.addAll(List.of(3L, 1L));

        assertThat(workflow().run(request()).outcome()).isEqualTo(Outcome.ERASED);
        assertThat(stores.asked).contains("PROBE 1", "ERASE HIDE 2", "PROBE 2", "ERASE HIDE 3", "PROBE 3");
    }

    @Test
    void whatIsStillFoundAfterEveryRoundGetsNoCertificate() {
        stores.found.addAll(List.of(1L, 1L, 1L, 1L, 2L));

        RunEnd end = workflow().run(request());

        assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(end.reason()).contains("PAL-915").contains("2 found");
        assertThat(stores.asked).contains("PROBE 5").doesNotContain("PROBE 6", "certify");
    }

    @Test
    void heldDocumentIsLeftAsItIs() {
        stores.held = true;

        assertThat(workflow().run(request()).outcome()).isEqualTo(Outcome.HELD);
        assertThat(stores.asked).containsExactly("begin");
    }

    @Test
    void withoutASecondPersonNothingHappens() {
        stores.decision = Decision.PENDING;

        assertThat(workflow().run(request()).outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(stores.asked).isEmpty();
    }

    @Test
    void refusedOneEnds() {
        stores.decision = Decision.REJECTED;

        assertThat(workflow().run(request()).outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(stores.asked).isEmpty();
    }
}
