package io.palimpsest.index.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationsTest {
    private static final CollectionKey DOCS = CollectionKey.of("acme", "docs");

    private final InMemoryPassageIndex index = new InMemoryPassageIndex();
    private final List<LedgerEntry> ledger = new ArrayList<>();

    private Generations start(String model) {
        return new Generations(
                index,
                Runnable::run,
                new Generations.Built(new ModelId(model), 8, new PassagePolicyId("paragraphs/1")),
                new LedgerEntries(new byte[32]),
                ledger::add,
                Clock.systemUTC());
    }

    @Test
    void makingOfAGenerationIsInTheLedgerThoughTheProcessDiedBeforeTheEntryWasDelivered() {
        start("one").forWriting(DOCS);
        LedgerEntry lost = ledger.removeFirst();
        assertThat(ledger).isEmpty();

        Generations restarted = start("one");
        restarted.forWriting(DOCS);

        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.entryId()).isEqualTo(lost.entryId());
            assertThat(entry.type()).isEqualTo(LedgerEntry.Type.GENERATION_MADE);
            assertThat(entry.facts()).isEqualTo(lost.facts());
        });
    }

    @Test
    void generationsOfAnotherModelAreNotToldOfAgain() {
        start("one").forWriting(DOCS);
        ledger.clear();
        start("two");
        assertThat(ledger).isEmpty();
    }

    @Test
    void aGenerationThatAnotherProcessMadeIsSearched() {
        Generations here = start("one");
        assertThat(here.live(DOCS)).isEmpty();
        Generation made = start("one").forWriting(DOCS);
        assertThat(here.live(DOCS)).contains(made);
    }
}
