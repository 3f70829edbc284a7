package io.palimpsest.retrain.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotFolderTest {
    private static final String PAIR =
            "{\"queryId\":\"q1\",\"query\":\"why\",\"passageId\":\"p1\",\"documentId\":\"d1\","
                    + "\"text\":\"because\",\"grade\":2}\n";

    @TempDir
    Path folder = Path.of("");

    private SnapshotFolder open(String train, String... more) throws IOException {
        Map<String, ContentHash> files = new java.util.TreeMap<>();
        files.put("train.jsonl", ContentHash.ofText(train));
        Files.writeString(folder.resolve("train.jsonl"), train);
        for (int i = 0; i < more.length; i += 2) {
            files.put(more[i], ContentHash.ofText(more[i + 1]));
            Files.writeString(folder.resolve(more[i]), more[i + 1]);
        }
        Files.write(
                folder.resolve("snapshot.json"),
                Json.write(Map.of("hash", ContentHash.ofText("name"), "files", files, "madeBy", "somebody")));
        return SnapshotFolder.open(folder);
    }

    @Test
    void pairsBecomeQueriesWithTheirPassages() throws IOException {
        String train = PAIR
                + PAIR.replace("p1", "p2").replace("because", "no").replace(":2}", ":0}")
                + PAIR.replace("q1", "q2").replace("why", "how");
        TrainingSet set = open(train).train();
        assertThat(set.passages()).containsExactly("because", "no");
        assertThat(set.queries())
                .containsExactly(
                        new TrainingSet.Query("q1", "why", java.util.List.of(0), java.util.List.of(1)),
                        new TrainingSet.Query("q2", "how", java.util.List.of(0), java.util.List.of()));
        assertThat(open(train).validation().queries()).isEmpty();
    }

    @Test
    void firstQueriesKeepThePassagesTheyWereJudgedWith() throws IOException {
        String train = PAIR
                + PAIR.replace("q1", "q2").replace("p1", "p2").replace("because", "so")
                + PAIR.replace("q1", "q3").replace("p1", "p3").replace("because", "thus")
                + PAIR.replace("q1", "q3").replace(":2}", ":0}");
        TrainingSet set = open(train).train();
        assertThat(set.first(2).passages()).containsExactly("because", "so");
        assertThat(set.first(5)).isEqualTo(set);
        TrainingSet last = new TrainingSet(set.queries().subList(2, 3), set.passages(), set.passageIds()).first(1);
        assertThat(last.passageIds()).containsExactly("p3", "p1");
        assertThat(last.queries().getFirst().relevant()).containsExactly(0);
        assertThat(last.queries().getFirst().negatives()).containsExactly(1);
    }

    @Test
    void vectorsAreReadByTheIdsOfWhatTheyBelongTo() throws IOException {
        KnownVectors vectors = open(
                        PAIR,
                        "vectors.jsonl",
                        "{\"queryId\":\"q1\",\"vector\":[0.6,0.8]}\n{\"passageId\":\"q1\",\"vector\":[1,0]}\n")
                .vectors();
        assertThat(vectors.ofQuery("q1")).containsExactly(0.6f, 0.8f);
        assertThat(vectors.ofPassage("q1")).containsExactly(1, 0);
        assertThat(vectors.ofPassage("p1")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"queryId\":\"q\"}",
                "PRIVATE",
                "[]",
                "{\"queryId\":\"q\",\"query\":\"PRIVATE\",\"passageId\":\"p\",\"text\":\"t\",\"grade\":4}"
            })
    void lineThatIsNoPairIsNamedByNumberAndNeverQuoted(String line) throws IOException {
        SnapshotFolder snapshot = open(PAIR + line + "\n");
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(snapshot::train)
                .withMessageContaining("line 2 of train.jsonl")
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_UNUSABLE);
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("PRIVATE");
                });
    }

    @Test
    void fileOutsideTheFolderIsRefused() throws IOException {
        open(PAIR);
        Files.write(
                folder.resolve("snapshot.json"),
                Json.write(Map.of(
                        "hash", ContentHash.ofText("name"),
                        "files", Map.of("train.jsonl", ContentHash.ofText(PAIR), "../x", ContentHash.ofText("")))));
        assertThatExceptionOfType(PalimpsestException.class).isThrownBy(() -> SnapshotFolder.open(folder));
    }

    @Test
    void folderThatIsMissingIsRefused() {
        assertThatExceptionOfType(PalimpsestException.class)
                .isThrownBy(() -> SnapshotFolder.open(folder.resolve("nowhere")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_UNUSABLE));
    }
}
