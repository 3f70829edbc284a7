package io.palimpsest.retrain.tune.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.retry.Condition;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TrainingLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class WatchedProcessTest {
    @TempDir
    Path folder = Path.of("");

    private final List<String> lines = new ArrayList<>();

    private ProcessEnd run(String script, TrainingLimits limits) throws IOException, InterruptedException {
        return process(script, limits).run(folder, lines::add, () -> {}, Cancellation.never());
    }

    private WatchedProcess process(String script, TrainingLimits limits) {
        return new WatchedProcess(
                List.of("/bin/sh", "-c", script),
                Map.of("GIVEN", "yes"),
                folder.toString(),
                limits,
                folder.resolve("log"));
    }

    private static TrainingLimits limits() {
        return TrainingLimits.standard();
    }

    /** What was killed and has no parent to take notice stays in the table as a zombie. */
    private static boolean isRunning(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void timeOfTheProcessAndItsChildrenIsAddedUp() throws Exception {
        Duration some = Duration.ofMillis(200);
        WatchedProcess process = process("(while :; do :; done) & wait", limits().withTime(Duration.ofMinutes(5)));
        List<Duration> heard = new ArrayList<>();
        ProcessEnd end = process.run(
                folder,
                lines::add,
                () -> heard.add(process.cpu()),
                () -> process.cpu().compareTo(some) > 0);
        assertThat(end).isInstanceOf(ProcessEnd.Cancelled.class);
        assertThat(process.cpu()).isGreaterThan(some);
        assertThat(heard).isSorted();
    }

    @Test
    void linesComeInOrderAndTheStatusIsKept() throws Exception {
        assertThat(run("echo one; echo two; echo err >&2; exit 7", limits())).isEqualTo(new ProcessEnd.Exited(7));
        assertThat(lines).containsExactly("one", "two");
        assertThat(Files.readString(folder.resolve("log"))).contains("one", "two", "err");
    }

    @Test
    void environmentHoldsWhatIsGivenAndNothingOfOurs() throws Exception {
        run("env", limits());
        assertThat(lines).contains("GIVEN=yes");
        assertThat(lines.stream().map(line -> line.split("=", -1)[0]))
                .isSubsetOf(
                        "PATH",
                        "HOME",
                        "USER",
                        "LANG",
                        "LC_ALL",
                        "TZ",
                        "TMPDIR",
                        "LD_LIBRARY_PATH",
                        "JAVA_HOME",
                        "GIVEN",
                        "PALIMPSEST_JOB",
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_");
    }

    @Test
    void endlessTalkDoesNotFillTheDisk() throws Exception {
        TrainingLimits short2 = limits().withTime(Duration.ofSeconds(2));
        assertThat(run("echo first; yes", short2)).isInstanceOf(ProcessEnd.TimedOut.class);
        assertThat(Files.size(folder.resolve("log"))).isLessThan(700_000);
        assertThat(Files.readString(folder.resolve("log"))).startsWith("first").contains("bytes left out");
    }

    @Test
    void lineWithoutEndDoesNotFillTheMemory() throws Exception {
        run("head -c 10000000 /dev/zero | tr '\\0' x; echo; echo after", limits());
        assertThat(lines).hasSize(2).last().isEqualTo("after");
        assertThat(lines.getFirst()).hasSize(8_192);
    }

    @Test
    void silentProcessIsKilledWithItsChildren() throws Exception {
        String script = "setsid sh -c 'sleep 1000 & echo $! > " + folder.resolve("pid") + "; wait' & sleep 1000";
        assertThat(run(script, limits().withSilence(Duration.ofSeconds(1)))).isInstanceOf(ProcessEnd.Silent.class);
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        assertThat(isRunning(pid)).isFalse();
    }

    @Test
    void processThatEndsLeavesNoChildBehind() throws Exception {
        assertThat(run("setsid sleep 1000 & echo $!", limits())).isEqualTo(new ProcessEnd.Exited(0));
        long pid = Long.parseLong(lines.getFirst());
        assertThat(isRunning(pid)).isFalse();
    }

    @Test
    void whatAnEarlierStartLeftIsKilledFirst() throws Exception {
        ProcessBuilder left = new ProcessBuilder("sleep", "1000");
        left.environment().put(WatchedProcess.MARK, folder.toString());
        Process leftover = left.start();
        assertThat(run("echo started", limits())).isEqualTo(new ProcessEnd.Exited(0));
        assertThat(Condition.await(() -> !leftover.isAlive(), Duration.ofSeconds(5), Duration.ofMillis(20)))
                .isTrue();
    }

    @Test
    void moreMemoryThanAllowedEndsIt() throws Exception {
        ProcessEnd end = run(
                "x=$(head -c 300000000 /dev/zero | tr '\\0' x); echo ${#x}; sleep 1000", limits().withMemoryMib(64));
        assertThat(end).isInstanceOf(ProcessEnd.OverMemory.class);
    }

    @Test
    void cancellationIsHeardWithinASecond() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        long start = System.nanoTime();
        ProcessEnd end = process("echo go; sleep 1000", limits())
                .run(folder, line -> cancelled.set(true), () -> {}, Cancellation.by(cancelled));
        assertThat(end).isInstanceOf(ProcessEnd.Cancelled.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
