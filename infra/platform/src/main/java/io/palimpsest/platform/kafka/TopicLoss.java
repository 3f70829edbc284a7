package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import java.util.Map;

/** What goes with a topic that is deleted, and what to do about it: for the log. */
final class TopicLoss {
    private static final String ON_THE_WAY =
            "are changes that were accepted and not indexed yet: have the sources send them again";
    private static final String TIMELINE = "are ends of changes that the timeline had not read yet";
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry(Topics.INBOX.name(), "are events that were not taken yet: have their producers send them again"),
            Map.entry(Topics.CHANGED.name(), ON_THE_WAY),
            Map.entry(Topics.ACCEPTED.name(), ON_THE_WAY),
            Map.entry(Topics.EXTRACT_SMALL.name(), ON_THE_WAY),
            Map.entry(Topics.EXTRACT_LARGE.name(), ON_THE_WAY),
            Map.entry(Topics.EXTRACTED.name(), ON_THE_WAY),
            Map.entry(
                    Topics.REVISED.name(),
                    "are the current revisions of all documents, which the ingest service sends again by itself"),
            Map.entry(Topics.INDEXED.name(), TIMELINE),
            Map.entry(Topics.DROPPED.name(), TIMELINE),
            Map.entry(Topics.DEAD_LETTER.name(), "are dead letters, and " + TIMELINE),
            Map.entry(
                    Topics.LEDGER_ENTRY.name(), "are entries that were not in the log yet, which nothing brings back"));

    private TopicLoss() {}

    /** A phrase that goes on from "lost". */
    static String of(Topic<?, ?> topic) {
        return KNOWN.getOrDefault(topic.name(), "is what was not read yet");
    }
}
