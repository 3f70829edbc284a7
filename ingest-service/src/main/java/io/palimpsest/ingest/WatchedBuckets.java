package io.palimpsest.ingest;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.fetch.S3Reference;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.source.s3.S3NoticeTopic;
import io.palimpsest.ingest.source.s3.S3Source;
import io.palimpsest.platform.config.S3SourceSettings;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.s3.S3Clients;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** The connection to the watched buckets, and one source per bucket, under the tenant and collection of local events. */
final class WatchedBuckets implements AutoCloseable {
    private final S3SourceSettings settings;
    private final @Nullable S3Client client;

    WatchedBuckets(S3SourceSettings settings) {
        this.settings = settings;
        this.client = settings.buckets().isEmpty() ? null : S3Clients.of(settings.access());
    }

    /** Null where no bucket is watched. */
    @Nullable
    S3Reference reference() {
        return client == null ? null : new S3Reference(client, settings);
    }

    List<S3Source> sources(IngestApp.Platform platform, TenantId tenant, ChangeIntake intake) {
        if (client == null) {
            return List.of();
        }
        CollectionKey collection = new CollectionKey(
                tenant, new CollectionId(platform.settings().intake().collection()));
        S3Source.Parts parts = new S3Source.Parts(
                client,
                intake,
                platform.sql(),
                platform.clock(),
                platform.settings().fetch().maxBytes());
        return settings.buckets().stream()
                .map(watched -> new S3Source(watched, collection, settings, parts))
                .toList();
    }

    /** What reads their notifications, where they come through Kafka. */
    Optional<ConsumerLoop<?, ?>> topic(IngestApp.Platform platform, List<S3Source> sources) {
        return sources.isEmpty()
                ? Optional.empty()
                : settings.topic()
                        .map(topic -> new S3NoticeTopic(
                                        platform.kafka(), topic, platform.instance(), sources, platform.telemetry())
                                .loop());
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
