package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** Deletes topics from under those who use them. */
public final class DeletedTopic {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private DeletedTopic() {}

    /** Returns when the broker has heard of it, a little later than the controller: until then it takes records, and is asked. */
    public static void delete(Admin admin, String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        assertThat(Condition.await(
                        () -> !admin.listTopics().names().get().contains(topic), PATIENCE, Duration.ofMillis(10)))
                .isTrue();
    }
}
