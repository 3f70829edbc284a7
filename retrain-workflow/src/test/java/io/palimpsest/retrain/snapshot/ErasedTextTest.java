package io.palimpsest.retrain.snapshot;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Law 13 for training sets: after erasure no file under the data directory holds the text, and nothing there can be turned into it. */
final class ErasedTextTest {
    @Property(tries = 12)
    void erasedTextIsInNoFileAndInNoSnapshotWhateverWasMadeOfItBefore(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("erased-text");
        Random random = new Random(seed);
        try (LabelledHouse house = new LabelledHouse(folder, seed, 60);
                ClearFolders clear = house.clear()) {
            house.publish();
            List<ContentHash> made = new ArrayList<>();
            for (int queries : List.of(60, 90, 120)) {
                Snapshot snapshot = house.snapshot(queries);
                made.add(snapshot.manifest().hash());
                if (random.nextBoolean()) {
                    try (ClearFolders.ClearFolder readable = clear.of(snapshot)) {
                        assertThat(readable.snapshot()).isNotEmptyDirectory();
                    }
                }
            }
            List<String> erased = random.ints(3, 0, 60).mapToObj(i -> "d" + i).toList();
            erased.forEach(document -> house.store().eraseDocument(LabelledHouse.key(document)));
            if (random.nextBoolean()) {
                house.snapshots().retireErased();
            }

            for (String document : erased) {
                assertThat(filesWith(folder, house.text(document))).isEmpty();
                for (ContentHash hash : made) {
                    assertUnreadable(house, hash, house.text(document));
                }
            }
            // Nothing else is in clear either.
            assertThat(filesWith(folder, house.text("d7"))).isEmpty();
            assertThat(filesWith(folder, house.query(7))).isEmpty();
        } finally {
            FolderTree.delete(folder);
        }
    }

    private static void assertUnreadable(LabelledHouse house, ContentHash hash, String text) {
        try {
            Snapshot opened = house.snapshots().open(DOCS, hash);
            for (String slice : opened.manifest().slices().keySet()) {
                try {
                    assertThat(opened.lines(slice))
                            .noneMatch(line -> line.text().contains(text));
                } catch (PalimpsestException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TAINTED);
                }
            }
        } catch (PalimpsestException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TAINTED);
        }
    }

    @Test
    @Timeout(120)
    @DisabledOnOs(OS.WINDOWS)
    void killedInTheMiddleOfATrainingNothingStaysInClear(@TempDir Path folder) throws Exception {
        Process training = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InterruptedTraining.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try (LabelledHouse house = new LabelledHouse(folder, InterruptedTraining.SEED, InterruptedTraining.DOCUMENTS)) {
            String text = await(training, folder, house);
            training.toHandle().destroyForcibly();
            training.waitFor();
            assertThat(filesWith(folder, text)).as("left by the kill").isNotEmpty();

            try (ClearFolders next = house.clear()) { // the start of the next process
                assertThat(filesWith(folder, text)).isEmpty();
                assertThat(filesWith(folder, house.query(1))).isEmpty();
            }
        } finally {
            training.destroyForcibly().waitFor();
        }
    }

    @Test
    void aFolderOfALivingProcessStays(@TempDir Path folder) {
        try (LabelledHouse house = new LabelledHouse(folder, 5, 60);
                ClearFolders first = house.clear()) {
            house.publish();
            try (ClearFolders.ClearFolder readable = first.of(house.snapshot(60));
                    ClearFolders second = house.clear()) {
                assertThat(second).isNotSameAs(first);
                assertThat(readable.snapshot()).isNotEmptyDirectory();
            }
        }
        assertThat(folder.resolve("clear")).isEmptyDirectory();
    }

    /** A text of the training set, once the trainer has said it. */
    private static String await(Process training, Path folder, LabelledHouse house) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (System.nanoTime() < end && training.isAlive()) {
            for (int i = 0; i < InterruptedTraining.DOCUMENTS; i++) {
                String text = house.text("d" + i);
                if (filesWith(folder, text).size() >= 2) {
                    return text;
                }
            }
            Thread.sleep(100);
        }
        return Assertions.fail("the training did not come so far: " + Files.readString(folder.resolve("out")));
    }

    private static List<Path> filesWith(Path folder, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (contains(Files.readAllBytes(file), text.getBytes(UTF_8))) {
                    found.add(file);
                }
            }
        } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) {
            return List.of(); // another process moved a file meanwhile: looked at again
        }
        return found;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (bytes[i] == wanted[0]
                    && java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
