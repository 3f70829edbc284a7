package io.palimpsest.retrain.workflow;

import java.time.Duration;
import java.util.List;

/** Starts workflows again and again: where the server has schedules it does so itself, otherwise this process does. */
public interface Timers extends AutoCloseable {
    /**
     * Sets a timer, or changes one that is there. A workflow that still runs when its next moment comes is let finish, and
     * that moment is left out.
     */
    void every(Timer timer);

    @Override
    void close();

    /**
     * What is started when.
     *
     * @param name the same after each restart; names the workflow too
     * @param workflow type of the workflow, an interface
     * @param arguments of its workflow method
     */
    record Timer(String name, Duration every, Class<?> workflow, List<Object> arguments) {
        String type() {
            return workflow.getSimpleName();
        }
    }
}
