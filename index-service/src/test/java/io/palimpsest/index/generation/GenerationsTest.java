package io.palimpsest.index.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class GenerationsTest {
    private static final CollectionKey DOCS = CollectionKey.of("acme", "docs");

    @TempDir
    private Path folder;

    private final InMemoryPassageIndex index = new InMemoryPassageIndex();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private TestDatabases databases;
    private Database database;

    TestDatabases databases(Path in) {
        return TestDatabases.files(in);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    private Generations start(String model) {
        return new Generations(
                index,
                new GenerationTable(database.sql()),
                new Generations.Built(new ModelId(model), 8, new PassagePolicyId("paragraphs/1")),
                new LedgerEntries(new byte[32]),
                ledger::add,
                Clock.systemUTC());
    }

    @Test
    void theFirstGenerationIsLiveAndInTheHistory() {
        Generations generations = start("one");
        Generation made = generations.forWriting(DOCS);
        assertThat(generations.live(DOCS)).contains(Serving.of(made));
        assertThat(generations.written(DOCS)).containsExactly(made);
        assertThat(new GenerationTable(database.sql()).history(DOCS))
                .singleElement()
                .satisfies(period -> {
                    assertThat(period.generation()).isEqualTo(made.id());
                    assertThat(period.until()).isNull();
                    assertThat(period.act()).isEqualTo(LivePeriod.Act.FIRST);
                });
    }

    @Test
    void makingOfAGenerationIsInTheLedgerThoughTheProcessDiedBeforeTheEntryWasDelivered() {
        start("one").forWriting(DOCS);
        assertThat(ledger)
                .extracting(LedgerEntry::type)
                .containsExactly(LedgerEntry.Type.GENERATION_MADE, LedgerEntry.Type.GENERATION_LIVE);
        List<LedgerEntry> lost = List.copyOf(ledger);
        ledger.clear();

        Generations restarted = start("one");
        restarted.forWriting(DOCS);

        assertThat(ledger).hasSameSizeAs(lost);
        for (int i = 0; i < lost.size(); i++) {
            assertThat(ledger.get(i).entryId()).isEqualTo(lost.get(i).entryId());
            assertThat(ledger.get(i).type()).isEqualTo(lost.get(i).type());
            assertThat(ledger.get(i).facts()).isEqualTo(lost.get(i).facts());
        }
    }

    @Test
    void generationsOfAnotherModelAreNotToldOfAgain() {
        start("one").forWriting(DOCS);
        ledger.clear();
        start("two");
        assertThat(ledger).isEmpty();
    }

    @Test
    void anotherModelInTheSettingsIsAnotherGenerationAndTheOldOneGetsNoMoreChanges() {
        Generation one = start("one").forWriting(DOCS);
        Generations two = start("two");
        assertThat(two.live(DOCS)).isEmpty();
        Generation made = two.forWriting(DOCS);
        assertThat(made).isNotEqualTo(one);
        assertThat(two.live(DOCS)).contains(Serving.of(made));
        assertThat(two.written(DOCS)).containsExactly(made);
        assertThat(start("one").forWriting(DOCS)).isEqualTo(one);
        assertThat(new GenerationTable(database.sql())
                        .history(DOCS).stream().map(LivePeriod::act).collect(Collectors.toList()))
                .containsExactly(LivePeriod.Act.FIRST, LivePeriod.Act.CONFIGURED, LivePeriod.Act.CONFIGURED);
    }

    @Test
    void aGenerationThatAnotherProcessMadeIsSearched() {
        Generations here = start("one");
        assertThat(here.live(DOCS)).isEmpty();
        Generation made = start("one").forWriting(DOCS);
        assertThat(here.live(DOCS)).contains(Serving.of(made));
    }

    @Test
    void anIndexFromBeforeTheDatabaseKnewOfGenerationsIsSearchedAtOnce() {
        Generation made = start("one").forWriting(DOCS);
        database.sql().update("DELETE FROM live_generation");
        database.sql().update("DELETE FROM generation_history");
        database.sql().update("DELETE FROM generation");
        assertThat(start("one").live(DOCS)).contains(Serving.of(made));
    }

    @Test
    void whatAnIndexLostIsNotSearchedAndIsMadeAgainByTheNextChange() {
        Generation made = start("one").forWriting(DOCS);
        index.dropGeneration(made.id());
        Generations restarted = start("one");
        assertThat(restarted.live(DOCS)).isEmpty();
        assertThat(restarted.forWriting(DOCS)).isEqualTo(made);
        assertThat(restarted.live(DOCS)).contains(Serving.of(made));
    }
}
