package io.palimpsest.contracts.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangeIdTest {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "docs", "urn:doc:1");

    @Test
    void derivedAlikeForEver() {
        assertThat(ChangeId.of(DOCUMENT, "/s", "1")).hasToString("eaa79fb371cce6a3af06a9ec384088b4");
    }

    @Test
    void everyPartCountsAndNoPartRunsIntoTheNext() {
        TenantId tenant = new TenantId("acme");
        assertThat(new ChangeId[] {
                    ChangeId.of(DOCUMENT, "/s", "1"),
                    ChangeId.of(DocumentKey.of("other", "docs", "urn:doc:1"), "/s", "1"),
                    ChangeId.of(DocumentKey.of("acme", "other", "urn:doc:1"), "/s", "1"),
                    ChangeId.of(DocumentKey.of("acme", "docs", "urn:doc:2"), "/s", "1"),
                    ChangeId.of(DOCUMENT, "/t", "1"),
                    ChangeId.of(DOCUMENT, "/s", "2"),
                    ChangeId.of(tenant, "docs", "urn:doc:1/s", "", "1"),
                    ChangeId.of(tenant, "docsurn:doc:1", "", "/s", "1"),
                })
                .doesNotHaveDuplicates();
    }
}
