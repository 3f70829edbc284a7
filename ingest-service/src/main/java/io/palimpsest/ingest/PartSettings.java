package io.palimpsest.ingest;

import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.extract.ExtractLimits;
import io.palimpsest.ingest.fetch.FetchPolicy;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.util.Set;

/** What each part is told, from the settings of the whole. */
final class PartSettings {
    private PartSettings() {}

    static Caller localCaller(Settings settings) {
        return new Caller(
                new TenantId(settings.intake().tenant()), "local", Set.of(), Set.of(), Set.of(Role.PUBLISH), true);
    }

    static FetchPolicy fetchPolicy(Settings settings) {
        return new FetchPolicy(
                settings.fetch().allowedRoots(),
                settings.fetch().allowedHosts(),
                settings.fetch().allowPrivateAddresses(),
                settings.fetch().maxBytes(),
                settings.fetch().connectTimeout(),
                settings.fetch().timeout(),
                settings.fetch().maxRedirects(),
                settings.fetch().caFile());
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
