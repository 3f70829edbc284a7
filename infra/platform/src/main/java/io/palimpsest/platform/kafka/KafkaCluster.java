package io.palimpsest.platform.kafka;

import io.palimpsest.platform.config.KafkaSettings.StreamsProtocol;
import java.time.Duration;

/**
 * What the brokers are and have, as found at the start.
 *
 * @param brokers that answer now
 * @param streamsGroups whether they give out the tasks of stream topologies
 * @param shortestStreamsSession the soonest after which they may count a silent member of a streams group as gone
 * @param shortestStreamsHeartbeat how often such a member may be heard at the most
 * @param createsTopics whether they make any topic that a client asks for, with their own number of partitions
 */
public record KafkaCluster(
        int brokers,
        boolean streamsGroups,
        Duration shortestStreamsSession,
        Duration shortestStreamsHeartbeat,
        boolean createsTopics) {
    /** After which a silent member of a group of streams counts as gone, under either protocol; see decision 13. */
    public static final Duration SOON = Duration.ofSeconds(6);

    /** How often such a member is heard: a quarter of it, for one that is lost must not end a session. */
    public static final Duration OFTEN = Duration.ofMillis(1_500);

    /** The protocol to use where the settings leave it open. */
    public StreamsProtocol streamsProtocol(StreamsProtocol wanted) {
        return switch (wanted) {
            case CLASSIC, STREAMS -> wanted;
            case AUTO ->
                streamsGroups
                                && shortestStreamsSession.compareTo(SOON) <= 0
                                && shortestStreamsHeartbeat.compareTo(OFTEN) <= 0
                        ? StreamsProtocol.STREAMS
                        : StreamsProtocol.CLASSIC;
        };
    }
}
