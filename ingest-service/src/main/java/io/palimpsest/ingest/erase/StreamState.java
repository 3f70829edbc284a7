package io.palimpsest.ingest.erase;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Topics of documents and the state of the streams between them. What they keep under the document's key is forgotten; records that
 * were sent before expire by themselves. That it is done shows where the revisions are read.
 */
record StreamState(ForgottenDocuments forgotten, InstantSource clock) implements ErasableStore {
    private static final List<Topic<?, ?>> TOPICS = Topics.all().stream()
            .filter(topic -> !topic.equals(Topics.LEDGER_ENTRY) && !topic.equals(Topics.DRIFT_MEASURED))
            .toList();

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public Phase phase() {
        return Phase.RECORDS;
    }

    @Override
    public Coverage covers() {
        Set<String> topics = TOPICS.stream().map(Topic::name).collect(Collectors.toSet());
        return Coverage.folders("kafka", "streams").andTopics(topics);
    }

    @Override
    public long erase(Erasing erasing) {
        forgotten.tell(erasing.document());
        return 1;
    }

    @Override
    public Probed probe(Erasing erasing) {
        Duration longest = TOPICS.stream()
                .filter(topic -> topic.cleanup() == Topic.Cleanup.DELETE)
                .map(Topic::retention)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Probed(
                0,
                List.of(
                        "Topics keep the records of its changes, with its id, positions, title, labels and access, and hashes of its"
                                + " content, until they expire: all by "
                                + now.plus(longest)
                                + "; a full segment that the broker has not closed yet may stay longer. Compacted topics drop them"
                                + " when they are compacted. Files of the streams' state keep bytes of it until they are merged.",
                        "The inbox topic " + Topics.INBOX.name()
                                + " keeps what other systems sent through it, text included, until "
                                + now.plus(Topics.INBOX.retention()) + "."));
    }
}
