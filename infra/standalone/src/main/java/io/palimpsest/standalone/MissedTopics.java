package io.palimpsest.standalone;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.LocalKey;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Enters topics that were made again in the ledger, so that nobody takes what is left for all there was. */
record MissedTopics(LedgerEntries entries, LedgerSink ledger, String actor) implements Consumer<TopicCatalog.Missed> {

    @Override
    public void accept(TopicCatalog.Missed missed) {
        Instant at = Instant.now();
        String topic = missed.topic().name();
        ledger.record(entries.entry(
                LedgerEntry.Type.TOPIC_MADE_AGAIN,
                at,
                actor,
                new LedgerEntries.Scope(LocalKey.TENANT, null),
                topic + "\n" + missed.id() + "\n" + at,
                Map.of("topic", topic, "life", missed.id().toString()),
                null));
    }
}
