package io.palimpsest.ingest.revise;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is shown once more after the topic of revisions was made again: that is how whoever reads the topic later knows of
 * documents that were not revised since.
 *
 * <p>Some documents at a time, in the order of their keys, so that new revisions go on between them and no transaction grows long.
 * A crash begins anew. A revision that is sent twice is the same one, and changes nothing.
 *
 * <p>Threading: that of the task, whose partition it is for.
 */
final class LostRevisions {
    static final Duration PAUSE = Duration.ofMillis(500);
    /** Arbitrary: some megabytes. */
    static final int AT_ONCE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LostRevisions.class);
    private static final String HOLDS_ALL = "holds-all";

    private final Supplier<Optional<Uuid>> life;
    private final KeyValueStore<String, String> lives;
    private final KeyValueStore<DocumentKey, RevisionState> documents;
    private final Consumer<DocumentRevised> sender;
    /** The life that holds all; null before the first look. */
    private @Nullable String whole;
    /** The life that is being filled; null while none is. */
    private @Nullable String filling;

    private @Nullable DocumentKey sent;
    private long count;

    LostRevisions(
            Supplier<Optional<Uuid>> life,
            KeyValueStore<String, String> lives,
            KeyValueStore<DocumentKey, RevisionState> documents,
            Consumer<DocumentRevised> sender) {
        this.life = life;
        this.lives = lives;
        this.documents = documents;
        this.sender = sender;
        this.whole = lives.get(HOLDS_ALL);
    }

    void look() {
        String now = life.get().map(Uuid::toString).orElse(null);
        if (now == null || now.equals(whole)) {
            return;
        }
        if (whole == null) {
            isWhole(now); // what it holds was sent by this topology
            return;
        }
        if (!now.equals(filling)) {
            filling = now;
            sent = null;
            count = 0;
        }
        if (sendSome()) {
            LOG.atInfo().log(
                    "the topic of revisions was made again: it has the {} current ones of this task now", count);
            isWhole(now);
        }
    }

    private void isWhole(String now) {
        lives.put(HOLDS_ALL, now);
        whole = now;
        filling = null;
    }

    /** @return whether these were the last */
    private boolean sendSome() {
        try (KeyValueIterator<DocumentKey, RevisionState> next = documents.range(sent, null)) {
            for (int i = 0; i < AT_ONCE && next.hasNext(); i++) {
                KeyValue<DocumentKey, RevisionState> document = next.next();
                DocumentRevised shown = document.value.shown();
                if (shown != null && !document.key.equals(sent)) {
                    sender.accept(shown);
                    count++;
                }
                sent = document.key;
            }
            return !next.hasNext();
        }
    }
}
