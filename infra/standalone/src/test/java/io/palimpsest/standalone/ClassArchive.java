package io.palimpsest.standalone;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Classes loaded and verified once for all child processes of a build (JEP 350): a start takes two thirds of the processor
 * time. Made by a rehearsal, a child that is started for nothing else; test JVMs that run at the same time share it. Archives
 * are of jars only, so the test classes are packed. A JVM that cannot make or read one starts as ever.
 *
 * <p>Threading: any.
 */
final class ClassArchive {
    private static final Path FOLDER = Path.of("target", "class-archive").toAbsolutePath();
    private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");
    private static final Path TESTS = FOLDER.resolve("tests.jar");
    private static final Path MADE = FOLDER.resolve("made");

    /** Starts a process with these options of Java, and stops it cleanly. */
    interface Rehearsal {
        void of(List<String> options) throws IOException, InterruptedException;
    }

    private ClassArchive() {}

    /** @return options of Java: the class path of this process, and the archive for it */
    static synchronized List<String> options(Rehearsal rehearsal) throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        try (FileChannel file =
                        FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (lock.isValid() && isOld()) {
                Files.deleteIfExists(ARCHIVE);
                pack();
                rehearsal.of(options("-XX:ArchiveClassesAtExit="));
                Files.write(MADE, new byte[0]);
            }
        }
        return options("-XX:SharedArchiveFile=");
    }

    private static List<String> options(String archive) {
        return List.of(
                archive + ARCHIVE,
                "-Xlog:disable", // what it says about archives
                "-cp",
                String.join(
                        File.pathSeparator,
                        entries().map(ClassArchive::packed).map(Path::toString).toList()));
    }

    private static Stream<Path> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of);
    }

    private static Path packed(Path entry) {
        return isTests(entry) ? TESTS : entry;
    }

    private static boolean isTests(Path entry) {
        return entry.endsWith("test-classes");
    }

    private static void pack() {
        Path classes = entries().filter(ClassArchive::isTests).findFirst().orElseThrow();
        int result = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "--create", "--file", TESTS.toString(), "-C", classes.toString(), ".");
        if (result != 0) {
            throw new IllegalStateException("the test classes could not be packed");
        }
    }

    private static boolean isOld() throws IOException {
        if (!Files.exists(MADE)) {
            return true;
        }
        long made = Files.getLastModifiedTime(MADE).toMillis();
        for (Path entry : entries().toList()) {
            try (Stream<Path> files = Files.walk(entry)) {
                if (files.anyMatch(file -> file.toFile().lastModified() > made)) {
                    return true;
                }
            }
        }
        return false;
    }
}
