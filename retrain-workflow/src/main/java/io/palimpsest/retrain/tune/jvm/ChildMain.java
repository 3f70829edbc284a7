package io.palimpsest.retrain.tune.jvm;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.process.ExitStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the main class of a trainer's process does: reads its task, reports on standard output, ends with a status. */
public final class ChildMain {
    private ChildMain() {}

    /**
     * Does not return. Ends the process when its parent is gone: then nobody would take the model.
     *
     * @param arguments the file of the task
     */
    public static void run(String[] arguments, TrainingProgram program) {
        PrintStream reports = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Libraries that print must not print between the reports.
        System.setOut(System.err);
        endWithParent();
        int status = status(Path.of(arguments[0]), program, report -> reports.println(Json.writeText(report)));
        reports.flush();
        System.err.flush();
        // Not exit: native libraries have been seen to crash in their own clean-up.
        Runtime.getRuntime().halt(status);
    }

    private static int status(Path task, TrainingProgram program, TrainingProgress progress) {
        try {
            program.train(Json.read(Files.readAllBytes(task), TrainingTask.class), progress);
            return ExitStatus.DONE;
        } catch (PalimpsestException e) {
            e.printStackTrace();
            return ExitStatus.of(e.code());
        } catch (OutOfMemoryError e) {
            return ExitStatus.OUT_OF_MEMORY;
        } catch (IOException e) {
            e.printStackTrace();
            return ExitStatus.of(TrainingFrame.failed(e).code());
        } catch (UncheckedIOException e) {
            e.printStackTrace();
            return ExitStatus.of(
                    TrainingFrame.failed(new IOException(e.getMessage(), e)).code());
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ai.djl.engine.EngineException e) {
            e.printStackTrace();
            return ExitStatus.UNAVAILABLE;
        } catch (Throwable e) {
            e.printStackTrace();
            return 1;
        }
    }

    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nobody writes; the end of the stream is the news
                        }
                    } catch (IOException e) {
                        // the same news
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
