package io.palimpsest.retrain.tune;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether a training is still wanted; asked several times a second. An interrupt of the caller's thread says the same. */
@FunctionalInterface
public interface Cancellation {
    boolean requested();

    static Cancellation never() {
        return () -> false;
    }

    static Cancellation by(AtomicBoolean flag) {
        return flag::get;
    }
}
