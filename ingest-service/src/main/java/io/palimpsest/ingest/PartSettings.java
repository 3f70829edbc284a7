package io.palimpsest.ingest;

import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.extract.ExtractLimits;
import io.palimpsest.ingest.fetch.FetchPolicy;
import io.palimpsest.ingest.stream.StreamsSettings;
import io.palimpsest.platform.config.KafkaSettings.StreamsProtocol;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What each part is told, from the settings of the whole. */
final class PartSettings {
    private PartSettings() {}

    static Caller localCaller(Settings settings) {
        return new Caller(
                new TenantId(settings.intake().tenant()), "local", Set.of(), Set.of(), Set.of(Role.PUBLISH), true);
    }

    static StreamsSettings streams(IngestApp.Platform platform) {
        Settings settings = platform.settings();
        Map<String, Object> client = new HashMap<>(platform.kafka().common("streams"));
        String servers = String.valueOf(client.remove("bootstrap.servers"));
        client.remove("client.id"); // Streams names its clients itself
        return new StreamsSettings(
                servers,
                settings.dataDir().resolve("streams"),
                settings.kafka().streamsThreads(),
                Duration.ofMillis(100),
                // What was found at the brokers; without a check, what every broker has.
                platform.kafka().settings().streamsProtocol() == StreamsProtocol.STREAMS ? "streams" : "classic",
                platform.instance(),
                settings.kafka().replicationFactor(),
                client);
    }

    static FetchPolicy fetchPolicy(Settings settings) {
        return new FetchPolicy(
                settings.fetch().allowedRoots(),
                settings.fetch().allowedHosts(),
                settings.fetch().allowPrivateAddresses(),
                settings.fetch().maxBytes(),
                settings.fetch().connectTimeout(),
                settings.fetch().timeout(),
                settings.fetch().maxRedirects());
    }

    static ExtractLimits limits(Settings settings) {
        return new ExtractLimits(
                settings.extract().timeout(),
                settings.extract().timeout().multipliedBy(5),
                settings.extract().largeBytes(),
                settings.extract().heapMib(),
                settings.fetch().maxBytes(),
                settings.extract().maxOutputChars(),
                settings.extract().maxDepth(),
                (int) Math.ceil(settings.extract().maxExpansionRatio()),
                settings.extract().maxEmbedded());
    }
}
