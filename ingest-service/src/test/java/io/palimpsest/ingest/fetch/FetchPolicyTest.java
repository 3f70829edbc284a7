package io.palimpsest.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchPolicyTest {
    private static final FetchPolicy POLICY =
            FetchPolicy.of(List.of(), Set.of("docs.example.org", "*.Wiki.example.org", "10.1.2.3"));

    @ParameterizedTest
    @CsvSource({
        "docs.example.org, true",
        "DOCS.Example.ORG, true",
        "10.1.2.3, true",
        "a.wiki.example.org, true",
        "a.b.wiki.example.org, true",
        "A.WIKI.EXAMPLE.ORG, true",
        "wiki.example.org, false",
        "evilwiki.example.org, false",
        "a.wiki.example.org.evil.net, false",
        "a.docs.example.org, false",
        "example.org, false",
        "docs.example.org., false",
        "10.1.2.30, false"
    })
    void aStarStandsForEveryHostBelowAndForNoOther(String host, boolean allowed) {
        assertThat(POLICY.allowsHost(host)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"docs.example.org", "127.0.0.1", "localhost"})
    void aStarAloneIsAnyHostAndNothingNamedIsNone(String host) {
        assertThat(FetchPolicy.of(List.of(), Set.of("*")).allowsHost(host)).isTrue();
        assertThat(FetchPolicy.of(List.of(), Set.of()).allowsHost(host)).isFalse();
    }
}
