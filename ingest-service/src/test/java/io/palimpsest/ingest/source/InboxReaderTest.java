package io.palimpsest.ingest.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.topic.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class InboxReaderTest {
    @Test
    void aHeaderWithoutAValueMakesARecordMalformedAndNothingElse() {
        for (String name : new String[] {"content-type", "ce_specversion", "ce_id", "ce_type"}) {
            ConsumerRecord<byte[], byte[]> record = event();
            assertThat(InboxReader.read(record).getId()).isEqualTo("1");

            record.headers().remove(name).add(name, null);
            assertThatThrownBy(() -> InboxReader.read(record))
                    .as(name)
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_MALFORMED));
        }
    }

    @Test
    void anythingThatIsNoEventIsMalformed() {
        for (String type : new String[] {"application/cloudevents+json", "application/cloudevents+none", "x", ""}) {
            for (String value : new String[] {"", "null", "[]", "{}", "{\"specversion\":\"9\"}", "{\"id\":{}}"}) {
                ConsumerRecord<byte[], byte[]> record = record("urn:doc", value);
                record.headers().add("content-type", type.getBytes(UTF_8));
                assertThatThrownBy(() -> InboxReader.read(record))
                        .as("%s as %s", value, type)
                        .isInstanceOfSatisfying(
                                PalimpsestException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_MALFORMED));
            }
        }
    }

    @Test
    void aRecordWithoutAValueDeletesAndOnlyWhatItSaysIsTaken() {
        ConsumerRecord<byte[], byte[]> record = record("urn:doc", null);
        record.headers().add("ce_collection", null).add("ce_sequence", "7".getBytes(UTF_8));

        CloudEvent event = InboxReader.read(record);
        assertThat(event.getType()).isEqualTo(ChangeType.DELETED.id());
        assertThat(event.getSubject()).isEqualTo("urn:doc");
        assertThat(event.getSource()).hasToString(DocumentChanged.UNNAMED_SOURCE);
        assertThat(event.getExtensionNames()).containsExactly("sequence");

        record.headers().add("ce_source", "/s".getBytes(UTF_8));
        assertThat(InboxReader.read(record).getSource()).hasToString("/s");
    }

    @Test
    void lettersNameADocumentWholeSoThatAnErasureFindsIt() {
        String longest = "urn:" + "x".repeat(DocumentId.MAX_BYTES - 4);
        ConsumerRecord<byte[], byte[]> record = event();
        record.headers().add("ce_subject", longest.getBytes(UTF_8)).add("ce_sequence", ("1" + longest).getBytes(UTF_8));

        assertThat(InboxReader.attributes(record.headers())).containsEntry("subject", longest);
        assertThat(InboxReader.attributes(InboxReader.read(record))).containsEntry("subject", longest);
        assertThat(InboxReader.attributes(record.headers()).get("sequence")).hasSize(DocumentId.MAX_BYTES);
    }

    private static ConsumerRecord<byte[], byte[]> event() {
        ConsumerRecord<byte[], byte[]> record = record("urn:doc", "text");
        Map.of("ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "t", "content-type", "text/plain")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, @Nullable String value) {
        return new ConsumerRecord<>(
                Topics.INBOX.name(), 0, 7, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
    }
}
