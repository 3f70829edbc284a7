package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What people see while a folder is indexed. */
final class ProgressLineTest {
    private static final String COUNTING = status(0, 0, "0", "{'listing':true,'published':0}");
    private static final String HALF =
            status(300, 100, "10000", "{'listing':true,'published':300,'toPublish':1100,'unreadable':2}");
    private static final String DONE =
            status(1400, 0, "0", "{'listing':false,'published':1400,'toPublish':0,'unreadable':2}");

    private final StringWriter words = new StringWriter();

    @Test
    void itTellsHowFarItIsAndWhatIsStillToCome() throws Exception {
        shown(ProgressLine.Place.FILE, COUNTING, HALF, DONE);
        assertThat(words.toString().lines())
                .containsExactly(
                        "documents 0 accepted, 0 extracted, 0 indexed, 0 failed | passages 0 embedded, 0 reused"
                                + " | ETA ?",
                        "documents 300 accepted, 200 extracted, 200 indexed, 0 failed | passages 400 embedded, 0 reused"
                                + " | 1,100 files to publish | 2 passed over | ETA 2:00",
                        "documents 1,400 accepted, 1,400 extracted, 1,400 indexed, 0 failed"
                                + " | passages 2,800 embedded, 0 reused | 2 passed over | ETA 0:00",
                        "");
    }

    @Test
    void onATerminalALineIsWrittenOverTheOneBefore() throws Exception {
        shown(ProgressLine.Place.TERMINAL, HALF, COUNTING, DONE);
        String[] lines = words.toString().split("\r", -1);
        assertThat(lines).hasSize(4);
        assertThat(lines[2]).as("blanks over what was longer").hasSameSizeAs(lines[1]);
        assertThat(words.toString()).endsWith("ETA 0:00" + System.lineSeparator());
    }

    @Test
    void whatIsNotSentYetHasNoEta() {
        assertThat(new FlowLine(json(status(0, 0, "0", "{'listing':true,'published':0,'toPublish':7}"))).text())
                .endsWith("| 7 files to publish | ETA ?");
        assertThat(new FlowLine(json(status(9, 9, "null", "{'listing':false,'published':9}"))).text())
                .endsWith("ETA ?");
    }

    @Test
    void whatIsPublishedAndNotReceivedIsWaitedFor() {
        assertThat(new FlowLine(json(status(1, 0, "0", "{'listing':false,'published':2}"))).isIdle())
                .isFalse();
        assertThat(new FlowLine(json(status(2, 0, "0", "{'listing':false,'published':2}"))).isIdle())
                .isTrue();
    }

    @Test
    void aFolderThatIsAwayIsToldOnceAndNotWaitedFor() throws Exception {
        String away = status(0, 0, "0", "{'folder':'/typo','listing':false,'published':0,'problem':'it is not there'}");
        FlowLine end = shown(ProgressLine.Place.FILE, away, away);
        assertThat(end.problems()).containsExactly("/typo: it is not there; it is looked at again");
        assertThat(words.toString()).containsOnlyOnce("/typo: it is not there");
    }

    @Test
    void onATerminalAProblemStays() throws Exception {
        String away = status(0, 0, "0", "{'folder':'/typo','listing':false,'published':0,'problem':'it is not there'}");
        shown(ProgressLine.Place.TERMINAL, COUNTING, away);
        assertThat(words.toString().lines().map(String::strip))
                .anySatisfy(line -> assertThat(line).endsWith("it is looked at again"));
    }

    @Test
    void whatWasLeftOutIsToldWithWhatToDo() {
        String status = status(
                        3,
                        0,
                        "0",
                        "{'folder':'/docs','listing':false,'published':3,'unreadable':2,'heldDeletes':30},"
                                + "{'folder':'/other','listing':false,'elsewhere':true}")
                .replace("\"quarantined\":0", "\"quarantined\":4");
        FlowLine flow = new FlowLine(json(status));
        assertThat(flow.problems()).containsExactly("/other: another process watches it, this one stands by");
        assertThat(flow.exceptions())
                .containsExactly(
                        "/docs: passed over: 2 (./palimpsest quarantine list)",
                        "/docs: deletes held: 30, suspiciously many at once (approve them: POST /v1/folders/approve-deletes)",
                        "could not be read: 4 (./palimpsest quarantine list)");
        assertThat(flow.text()).contains("4 failed", "2 passed over", "30 deletes held");
    }

    @Test
    void aServerThatDoesNotAnswerForLongIsMentionedAndWaitedFor() throws Exception {
        Deque<String> answers = new ArrayDeque<>();
        for (int i = 0; i < 10; i++) {
            answers.add("");
        }
        answers.add(DONE);
        progress(ProgressLine.Place.FILE, answers).untilIdle();
        assertThat(words.toString()).containsOnlyOnce("no status (the work goes on): No answer");
        assertThat(words.toString()).contains("1,400 indexed");
    }

    private FlowLine shown(ProgressLine.Place place, String... answers) throws InterruptedException {
        return progress(place, new ArrayDeque<>(List.of(answers))).untilIdle();
    }

    /** The last answer is given for ever; an empty one is a server that does not answer. */
    private ProgressLine progress(ProgressLine.Place place, Deque<String> answers) {
        Supplier<JsonNode> status = () -> {
            String answer = answers.size() > 1 ? answers.remove() : answers.element();
            if (answer.isEmpty()) {
                throw new ApiClient.CallFailed("No answer");
            }
            return json(answer);
        };
        return new ProgressLine(status, new PrintWriter(words), place, Duration.ofMillis(1));
    }

    private static String status(long received, long inFlight, String etaMs, String folders) {
        long ended = received - inFlight;
        return ("{'total':{'received':" + received + ",'accepted':" + received + ",'extracted':" + ended
                        + ",'indexed':" + ended + ",'quarantined':0,'passagesEmbedded':" + 2 * ended
                        + ",'passagesReused':0,'inFlight':{'all':" + inFlight + "},'etaMs':" + etaMs
                        + "},'folders':[" + folders + "]}")
                .replace('\'', '"');
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}
