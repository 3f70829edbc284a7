package io.palimpsest.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class LedgerEntriesTest {
    private static final Instant AT = Instant.parse("2026-11-21T06:00:00Z");
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/a");

    private final LedgerEntries entries =
            new LedgerEntries("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    @Test
    void theSameActIsTheSameEntryWheneverItIsTold() {
        LedgerEntry first = visible(DOCUMENT, AT, "rev-1", Map.of("passages", "3"));
        LedgerEntry again = visible(DOCUMENT, AT.plusSeconds(60), "rev-1", Map.of("passages", "3"));

        assertThat(again.entryId()).isEqualTo(first.entryId());
        assertThat(again.commitment()).isEqualTo(first.commitment());
    }

    @Test
    void differentActsAreDifferentEntries() {
        LedgerEntry first = visible(DOCUMENT, AT, "rev-1", Map.of());
        DocumentKey other = DocumentKey.of("globex", "handbook", "https://example.org/a");

        assertThat(visible(DOCUMENT, AT, "rev-2", Map.of()).entryId()).isNotEqualTo(first.entryId());
        assertThat(visible(other, AT, "rev-1", Map.of()).entryId()).isNotEqualTo(first.entryId());
        assertThat(visible(other, AT, "rev-1", Map.of()).commitment()).isNotEqualTo(first.commitment());
        assertThat(entries.ofDocument(
                                LedgerEntry.Type.DOCUMENT_DELETED, AT, "service:index", DOCUMENT, "rev-1", Map.of())
                        .entryId())
                .isNotEqualTo(first.entryId());
    }

    /** Golden: computed with Python's hmac and hashlib over the layouts in the Javadoc of {@link LedgerEntries} and Commitment. */
    @Test
    void idsAndCommitmentsKeepTheirBytes() {
        LedgerEntry entry = visible(DOCUMENT, AT, "rev-1", Map.of());

        assertThat(entry.entryId()).isEqualTo("5a86ed7a73ae9dc79f4caa53b9aa3cb0fb5317938749539b05cd8dbc9cc587cb");
        assertThat(entry.commitment()).isEqualTo("683d85993db9d8082e46d40def05a82933bfa06ad7d251b35d8bf5bbaecb414f");
    }

    @Test
    void anEntryNamesNoDocument() {
        String json = Json.writeText(visible(DOCUMENT, AT, "rev-1", Map.of("passages", "3")));

        assertThat(json).doesNotContain("example.org").contains("\"passages\":\"3\"");
    }

    @Test
    void anEntryWithoutAPersonalPartHasNoCommitment() {
        LedgerEntry entry = entries.entry(
                LedgerEntry.Type.CONFIGURATION_CHANGED,
                AT,
                "service:standalone",
                new LedgerEntries.Scope(new TenantId("local"), null),
                "start-1",
                Map.of(),
                null);

        assertThat(entry.commitment()).isNull();
        assertThat(entry.collection()).isNull();
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> new LedgerEntries(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void entriesGoToTheLedgersTopicUnderTheirId() {
        try (MockProducer<String, LedgerEntry> producer = new MockProducer<>(
                true,
                null,
                Topics.LEDGER_ENTRY.key().serializer(),
                Topics.LEDGER_ENTRY.value().serializer())) {
            LedgerEntry entry = visible(DOCUMENT, AT, "rev-1", Map.of());

            new KafkaLedgerSink(producer).record(entry);

            assertThat(producer.history()).hasSize(1);
            ProducerRecord<String, LedgerEntry> sent = producer.history().getFirst();
            assertThat(sent.topic()).isEqualTo("ledger.entry.v1");
            assertThat(sent.key()).isEqualTo(entry.entryId());
            assertThat(sent.value()).isEqualTo(entry);
            assertThat(sent.headers().lastHeader("ce_id").value())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(entry.entryId());
        }
    }

    private LedgerEntry visible(DocumentKey document, Instant at, String act, Map<String, String> facts) {
        return entries.ofDocument(LedgerEntry.Type.REVISION_VISIBLE, at, "service:index", document, act, facts);
    }
}
