package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is broken off, and what is left alone. */
final class StandstillWatchTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicBoolean answers = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> aborted = new ArrayList<>();
    private final StandstillWatch watch = new StandstillWatch(
            () -> {
                asked.incrementAndGet();
                return answers.get();
            },
            now::get);

    @Test
    void aLongStatementIsLeftAloneWhileTheServerAnswersOthers() {
        watch.begin(connection("long"));
        for (int i = 0; i < 10; i++) {
            now.addAndGet(StandstillWatch.LONG.toNanos());
            watch.look();
        }

        assertThat(aborted).isEmpty();
        assertThat(asked).hasValue(10);
    }

    @Test
    void whatWaitsForAServerThatStandsStillIsBrokenOffOnce() {
        answers.set(false);
        watch.begin(connection("long"));
        now.addAndGet(StandstillWatch.LONG.toNanos() - 1);
        watch.begin(connection("short"));
        watch.look();
        assertThat(asked).as("nothing waits for long").hasValue(0);

        now.addAndGet(1);
        watch.look();
        assertThat(aborted).containsExactly("long");
        now.addAndGet(StandstillWatch.LONG.toNanos());
        watch.look();
        watch.look();
        assertThat(aborted).containsExactly("long", "short");
    }

    @Test
    void whatWasAnsweredMeanwhileIsNotBrokenOff() {
        Connection quick = connection("quick");
        StandstillWatch late = new StandstillWatch(() -> false, now::get);
        late.begin(quick);
        late.end(quick);
        now.addAndGet(StandstillWatch.LONG.toNanos());
        late.look();

        assertThat(aborted).isEmpty();
    }

    private Connection connection(String name) {
        Map<String, Object> identity = Map.of("hashCode", name.hashCode(), "toString", name);
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("abort")) {
                        aborted.add(name);
                        return null;
                    }
                    return method.getName().equals("equals")
                            ? name.equals(String.valueOf(arguments[0]))
                            : identity.get(method.getName());
                });
    }
}
