package io.palimpsest.ingest.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.Position;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Joining registers is a least upper bound; few positions and values, so that ties between unequal changes are common. */
class RegistersTest {

    @Property(tries = 2000)
    void joinDoesNotDependOnTheOrder(
            @ForAll("states") Registers a, @ForAll("states") Registers b, @ForAll("states") Registers c) {
        assertThat(a.join(b)).isEqualTo(b.join(a));
        assertThat(a.join(b).join(c)).isEqualTo(a.join(b.join(c)));
    }

    @Property(tries = 500)
    void joiningAgainChangesNothing(@ForAll("states") Registers a, @ForAll("states") Registers b) {
        Registers joined = a.join(b);

        assertThat(joined.join(b)).isEqualTo(joined);
        assertThat(joined.join(joined)).isEqualTo(joined);
        assertThat(joined.sameAs(joined)).isTrue();
    }

    @Property(tries = 500)
    void nothingAtOrBelowADeleteSurvives(@ForAll("states") Registers a, @ForAll("states") Registers b) {
        Registers joined = a.join(b);

        if (joined.content() != null) {
            assertThat(joined.content().at()).isGreaterThan(joined.deletedAt());
        }
        assertThat(joined.highest()).isGreaterThanOrEqualTo(joined.deletedAt());
        assertThat(joined.status() == Registers.Status.LIVE).isEqualTo(joined.content() != null);
    }

    @Property(tries = 200)
    void stateSurvivesStorage(@ForAll("states") Registers a, @ForAll("states") Registers b) {
        Registers joined = a.join(b);

        assertThat(Json.read(Json.write(joined), Registers.class)).isEqualTo(joined);
    }

    @Test
    void equalPositionsWithDifferentValuesEndAlike() {
        Registers one = Registers.of(Changes.updated(1, "a"), new Position(0, 1), List.of("*"));
        Registers other = Registers.of(Changes.updated(1, "b"), new Position(0, 1), List.of("*"));

        assertThat(one.join(other)).isEqualTo(other.join(one));
        assertThat(one.join(other)).isIn(one, other);
    }

    @Provide
    Arbitrary<Registers> states() {
        return changes()
                .list()
                .ofMinSize(0)
                .ofMaxSize(4)
                .map(changes -> changes.stream()
                        .map(c -> Registers.of(c, position(c), List.of("*")))
                        .reduce(Registers.NONE, Registers::join));
    }

    private static Position position(DocumentChanged change) {
        return change.position() == null ? Position.NONE : change.position();
    }

    private static Arbitrary<DocumentChanged> changes() {
        Arbitrary<DocumentProperties> properties = Combinators.combine(
                        Arbitraries.of("t", "u").injectNull(0.3),
                        Arbitraries.of(List.of("x"), List.of("x", "y")).injectNull(0.3),
                        Arbitraries.of(Map.of("k", "v"), Map.of("k", "w", "l", "v"))
                                .injectNull(0.3),
                        Arbitraries.of(true, false).injectNull(0.3))
                .as((title, access, labels, sensitive) ->
                        new DocumentProperties(title, title, null, null, access, labels, sensitive));
        return Combinators.combine(
                        Arbitraries.of(ChangeType.class),
                        Arbitraries.longs().between(0, 4),
                        Arbitraries.of("a", "b"),
                        properties)
                .as((type, at, text, p) -> Changes.change(
                        Changes.SOURCE, type, at, type.carriesContent() ? Changes.stored(text) : null, p));
    }
}
