package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topics;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What publishers meet while Kafka cannot be used, and afterwards. All documents speak of otters. */
final class PausedIntake {
    /** More than the longest that a caller waits, on a busy machine. */
    private static final Duration ANSWER = Duration.ofSeconds(45);

    private PausedIntake() {}

    /**
     * Until a change is refused with these words, however many are before: the first may still find everything in order.
     *
     * @param says beside what each refusal says: error, address, topic, and when to come again
     */
    static void refused(House house, String... says) throws Exception {
        House.until(() -> {
            long begin = System.nanoTime();
            HttpResponse<String> answer = publish(house, "doc:refused");
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(took).isLessThan(ANSWER);
            if (answer.statusCode() == 202) {
                return false;
            }
            assertRefused(house, answer);
            assertThat(answer.body()).contains(says);
            System.out.println("MEASURED refused after " + took.toMillis() + " ms: " + answer.body());
            return true;
        });
    }

    /** Until it is accepted; what comes before is refused as it should be. */
    static void accepted(House house, String document) throws Exception {
        House.until(() -> {
            HttpResponse<String> answer = publish(house, document);
            if (answer.statusCode() == 202) {
                return true;
            }
            assertRefused(house, answer);
            return false;
        });
    }

    /** Accepted, and found. */
    static void goesOn(House house, String document) throws Exception {
        long begin = System.nanoTime();
        accepted(house, document);
        found(house, document);
        System.out.println("MEASURED " + document + " found after "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
    }

    static void found(House house, String document) throws Exception {
        House.until(() -> house.found("keyword", "otters").contains(document));
    }

    private static void assertRefused(House house, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body())
                .contains(
                        "PAL-704",
                        "Kafka at " + house.palimpsest.kafka(),
                        Topics.CHANGED.name(),
                        "sending it again does no harm");
    }

    private static HttpResponse<String> publish(House house, String document) throws Exception {
        String text = document.equals("doc:refused") ? "Nothing of note." : "Otters swim in " + document + ".";
        // Event ids of its own: the topics may know those of another test.
        String event = house.event("updated", document, House.markdown(text)).replace("/test", "/test/" + document);
        return house.post(
                event.getBytes(StandardCharsets.UTF_8), "application/cloudevents+json", house.palimpsest.key());
    }
}
