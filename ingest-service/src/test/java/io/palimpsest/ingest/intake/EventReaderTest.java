package io.palimpsest.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.security.Caller;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class EventReaderTest {
    private static final Caller CALLER = new Caller(new TenantId("local"), "test", Set.of(), Set.of(), Set.of(), true);
    private static final String LAST = Long.toString(Long.MAX_VALUE);

    private Database database;
    private EventReader reader;

    @BeforeEach
    void open(@TempDir Path dir) {
        database = Database.open(DatabaseSettings.inFile(dir.resolve("test.db")));
        reader = new EventReader(
                new CollectionRegistry(database.sql(), Clock.systemUTC(), name -> true), "default", 1 << 20);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theLastEpochIsRefusedForNoneCouldFollowIt() {
        assertThatThrownBy(() -> reader.read(
                        CALLER,
                        event("urn:doc")
                                .withExtension("epoch", LAST)
                                .withExtension("sequence", LAST)
                                .build()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_MALFORMED))
                .hasMessageContaining("epoch");
    }

    @Test
    void anUnknownTypeIsToldWhichThereAre() {
        assertThatThrownBy(() -> reader.read(
                        CALLER,
                        event("urn:doc")
                                .withType("io.palimpsest.document.upserted")
                                .build()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_TYPE_UNKNOWN))
                .hasMessageContainingAll(
                        ChangeType.UPDATED.id(), ChangeType.DELETED.id(), ChangeType.ACCESS_CHANGED.id());
    }

    @Test
    void theLastSequenceOfAnEpochIsTaken() {
        assertThat(reader.read(
                                CALLER,
                                event("urn:doc").withExtension("sequence", LAST).build())
                        .position())
                .isEqualTo(new Position(0, Long.MAX_VALUE));
    }

    @Test
    void aSubjectWithHalfACharacterIsRefused() {
        for (String subject : new String[] {"a\ud800", "\udc00a", "a\udc00\ud800"}) {
            assertThatThrownBy(() -> reader.read(CALLER, event(subject).build()))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_MALFORMED));
        }
        assertThat(reader.read(CALLER, event("a\ud83d\ude00").build())
                        .key()
                        .document()
                        .value())
                .isEqualTo("a\ud83d\ude00");
    }

    @Test
    void documentsWithOneSourceAndEventIdAreDifferentChanges() {
        IncomingChange a = reader.read(CALLER, event("urn:a").build());
        IncomingChange b = reader.read(CALLER, event("urn:b").build());

        assertThat(a.changeId()).isNotEqualTo(b.changeId());
        assertThat(reader.read(CALLER, event("urn:a").build()).changeId()).isEqualTo(a.changeId());
    }

    @Test
    void aRefusedEventHasTheIdThatItsChangeWouldHave() {
        CloudEvent refused = event("urn:a").withExtension("epoch", LAST).build();
        assertThatThrownBy(() -> reader.read(CALLER, refused)).isInstanceOf(PalimpsestException.class);

        assertThat(reader.changeId(CALLER, refused))
                .isEqualTo(reader.read(CALLER, event("urn:a").build()).changeId());
    }

    private static CloudEventBuilder event(String subject) {
        return CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("urn:source"))
                .withType(ChangeType.DELETED.id())
                .withSubject(subject);
    }
}
