package io.palimpsest.index.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import org.junit.jupiter.api.Test;

class AcronymsTest {
    private static final CollectionKey DOCS = CollectionKey.of("acme", "docs");
    private static final DocumentKey A = DocumentKey.of(DOCS, "a");
    private static final DocumentKey B = DocumentKey.of(DOCS, "b");

    @Test
    void bothPatternsDefine() {
        assertThat(AcronymPatterns.definitions(
                        "We use key management services (KMS) and LSM (log-structured merge tree). See (the end)."))
                .containsEntry("KMS", "key management services")
                .containsEntry("LSM", "log-structured merge tree")
                .hasSize(2);
    }

    @Test
    void expansionIsOnlyForThoseWhoSeeADocumentThatDefinesIt() {
        Acronyms acronyms = new Acronyms();
        acronyms.observe(A, "The Paid Time Off (PTO) rule");
        acronyms.observe(B, "The Power Take Off (PTO) shaft");

        assertThat(acronyms.longForm(DOCS, "PTO", B::equals)).contains("Power Take Off");
        assertThat(acronyms.longForm(DOCS, "PTO", key -> false)).isEmpty();
        assertThat(acronyms.longForm(CollectionKey.of("rival", "docs"), "PTO", key -> true))
                .isEmpty();
    }

    @Test
    void changedAndDeletedDocumentsTeachNothingAnyMore() {
        Acronyms acronyms = new Acronyms();
        acronyms.observe(A, "The Paid Time Off (PTO) rule");
        acronyms.observe(A, "Nothing now");

        assertThat(acronyms.longForm(DOCS, "PTO", key -> true)).isEmpty();
    }
}
