package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.standalone.cli.ApiClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that come to their end: a true gain is promoted, and what turns out to be worse is taken back. */
@Timeout(300)
final class PromotionST {
    private static final int JUDGED = 150;
    private static final int MORE = 60;

    @TempDir
    private Path work;

    private final NearWords world = new NearWords(JUDGED + MORE, 7);

    private static Map<String, String> settings(ShellTrainer trainer, String watch) {
        return new HashMap<>(Map.of(
                "tune.command",
                trainer.program().toString(),
                "judgement.snapshot.minimum",
                "50",
                "gate.promotion.latency.floor.ms",
                "10000", // what a busy machine makes of the time of a search is not what is tested
                "rollout.shadow",
                "PT1S",
                "rollout.shadow.share",
                "1",
                "rollout.watch",
                watch,
                "rollout.watch.every",
                "PT1S"));
    }

    @Test
    void betterModelIsBuiltBesideTheLiveOneAndServesAndTheOneBeforeItComesBackWithTheChangesSince() throws Exception {
        ShellTrainer trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
        trainer.hold();
        try (House house = House.start(work.resolve("data"), settings(trainer, "PT3S"), HalfBlind.factory())) {
            ApiClient client = house.client();
            world.publishFirst(client, JUDGED);
            world.judge(client, JUDGED);
            String before = RunCalls.live(client);
            assertThat(found(client)).isLessThan(JUDGED / 4);

            String run = RunCalls.begin(client, Map.of("name", "better", "trainer", "command"));
            House.until(() -> trainer.begun() == 1);
            try (Changes changes = new Changes(client)) {
                trainer.release();
                House.until(() -> RunCalls.waitsForApproval(client, run));
                assertThat(RunCalls.live(client)).as("nobody has said yes").isEqualTo(before);
                RunCalls.approve(client, run);
                JsonNode end = RunCalls.ended(client, run);
                assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("PROMOTED");
                assertThat(changes.count()).as("changes meanwhile").isPositive();
            }
            NearWords.settled(client);

            String after = RunCalls.live(client);
            assertThat(after).isNotEqualTo(before);
            auditedThen(house, run);
            assertThat(found(client)).isGreaterThan(JUDGED * 3 / 4);
            assertHasChanges(client);

            world.publish(client, JUDGED, "written since the swap wqzz");
            NearWords.settled(client);
            client.post("/v1/collections/default/rollback", Map.of("reason", "complaints"));
            assertThat(RunCalls.live(client)).isEqualTo(before);
            assertThat(found(client)).isLessThan(JUDGED / 4);
            assertHasChanges(client);
            assertThat(NearWords.isFirst(client, "written since the swap wqzz", JUDGED))
                    .isTrue();
            House.until(() -> house.ledger().stream().anyMatch(entry -> entry.type() == LedgerEntry.Type.RUN_ENDED));
            assertThat(house.ledger())
                    .extracting("type")
                    .contains(
                            LedgerEntry.Type.SNAPSHOT_MADE,
                            LedgerEntry.Type.MODEL_REGISTERED,
                            LedgerEntry.Type.MODEL_PROMOTED,
                            LedgerEntry.Type.RUN_ENDED);
        }
    }

    /** What an auditor is told of the promotion, and of a document that the model learned from. */
    private static void auditedThen(House house, String run) throws Exception {
        String model = house.get("/v1/runs/" + run).path("model").asText();
        String live = "/v1/collections/default/ledger/live";
        House.until(() -> !house.get(live).path("evaluations").isEmpty());
        JsonNode then = house.get(live);
        JsonNode evaluated = then.path("evaluations").path(0);
        assertThat(evaluated.path("run").asText()).isEqualTo(run);
        assertThat(evaluated.path("model").asText()).isEqualTo(model);
        assertThat(evaluated.path("figures").path("DOCUMENT_DISJOINT").asText())
                .matches("nDCG@10 0\\.\\d{4} -> [01]\\.\\d{4} \\[[+-].*] of \\d+ queries");
        assertThat(then.path("approvals").path(0).path("approved").asBoolean()).isTrue();
        assertThat(then.path("thresholds").findValuesAsText("gate.promotion.tolerance"))
                .isNotEmpty();
        boolean learned = false;
        for (int i = 0; i < JUDGED && !learned; i++) {
            JsonNode sets = house.get("/v1/collections/default/learned?document=" + House.encode(NearWords.id(i)))
                    .path("snapshots");
            learned = sets.findValuesAsText("model").contains(model);
        }
        assertThat(learned)
                .as("a document that the model learned from names it")
                .isTrue();
    }

    /** What is judged changes under it: where letters led to a document, now a number does, which the new model does not see. */
    @Test
    void modelThatIsWorseAfterTheSwapIsRolledBackByItself() throws Exception {
        ShellTrainer trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
        try (House house = House.start(work.resolve("data"), settings(trainer, "PT2M"), HalfBlind.factory())) {
            ApiClient client = house.client();
            world.publishFirst(client, JUDGED);
            world.judge(client, JUDGED);
            String before = RunCalls.live(client);
            String run = RunCalls.begin(client, Map.of("name", "worse later", "trainer", "command"));
            House.until(() -> RunCalls.waitsForApproval(client, run));
            RunCalls.approve(client, run);
            House.until(() -> !RunCalls.live(client).equals(before));

            for (int i = 0; i < JUDGED; i++) {
                world.publish(client, i, world.rewritten(i));
            }

            JsonNode end = RunCalls.ended(client, run);
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("ROLLED_BACK");
            assertThat(end.path("reason").asText()).contains("nDCG@10 -");
            assertThat(RunCalls.live(client)).isEqualTo(before);
            NearWords.settled(client);
            assertThat(found(client)).isGreaterThan(JUDGED / 2);
            House.until(() ->
                    house.ledger().stream().anyMatch(entry -> entry.type() == LedgerEntry.Type.MODEL_ROLLED_BACK));
        }
    }

    private int found(ApiClient client) {
        int found = 0;
        for (int i = 0; i < JUDGED; i++) {
            found += NearWords.isFirst(client, world.query(i), i) ? 1 : 0;
        }
        return found;
    }

    /** Of the documents beyond the judged ones each third was deleted after it was written. */
    private void assertHasChanges(ApiClient client) {
        for (int i = JUDGED + 1; i < JUDGED + MORE; i++) {
            assertThat(NearWords.isFirst(client, world.text(i), i))
                    .as("document %d", i)
                    .isEqualTo(i % 3 != 0);
        }
    }

    /** Writes and deletes documents for as long as there are some, or until it is closed; then the rest at once. */
    private final class Changes implements AutoCloseable {
        private final AtomicInteger made = new AtomicInteger();
        private final AtomicBoolean hurry = new AtomicBoolean();
        private final Thread thread;

        Changes(ApiClient client) {
            thread = Thread.ofVirtual().start(() -> {
                for (int i = JUDGED; i < JUDGED + MORE; i++) {
                    world.publish(client, i, world.text(i));
                    if (i % 3 == 0) {
                        world.delete(client, i);
                    }
                    made.incrementAndGet();
                    pause();
                }
            });
        }

        private void pause() {
            if (!hurry.get()) {
                try {
                    Thread.sleep(200);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        int count() {
            return made.get();
        }

        @Override
        public void close() throws InterruptedException {
            hurry.set(true);
            thread.join();
        }
    }
}
