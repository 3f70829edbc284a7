package io.palimpsest.platform.telemetry;

import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whether each part can do its work, by name.
 *
 * <p>Threading: safe. Failure: a check that throws is a part that is not ready.
 */
public final class Health {
    private final Map<String, Supplier<State>> checks = new ConcurrentHashMap<>();

    /** @param detail one short sentence for the operator, without content or secrets */
    public record State(boolean ready, String detail) {
        public static State up() {
            return new State(true, "ready");
        }

        /** @param otherwise detail where it is not ready */
        public static State of(boolean ready, String otherwise) {
            return ready ? up() : down(otherwise);
        }

        public static State down(String detail) {
            return new State(false, detail);
        }
    }

    /** @param check quick, and without effects */
    public void register(String part, Supplier<State> check) {
        checks.put(part, check);
    }

    public Map<String, State> states() {
        Map<String, State> states = new TreeMap<>();
        checks.forEach((part, check) -> states.put(part, state(check)));
        return states;
    }

    /** Each part that is registered by now, at each scrape. */
    public void tell(Telemetry telemetry) {
        checks.forEach((part, check) ->
                telemetry.gauge(Metric.PART_READY, () -> state(check).ready() ? 1 : 0, part));
    }

    public boolean isReady() {
        return states().values().stream().allMatch(State::ready);
    }

    private static State state(Supplier<State> check) {
        try {
            return check.get();
        } catch (PalimpsestException e) {
            return State.down(e.code().id() + ": " + e.code().hint());
        } catch (RuntimeException e) {
            return State.down("the check itself failed: " + e.getClass().getSimpleName());
        }
    }
}
