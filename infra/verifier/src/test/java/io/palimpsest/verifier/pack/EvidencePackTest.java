package io.palimpsest.verifier.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.Verification;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.merkle.Leaves;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EvidencePackTest {
    private static final int SIZE = 40;
    private static final String SALT = "00".repeat(32);
    private static final Opening MINE = new Opening.Subject(SALT, "11".repeat(32), "acme", "", "acme//urn:a b");
    private static final Opening SCOPE = new Opening.Scope(SALT, "acme", "");

    @TempDir
    private Path folder;

    private final NoteSigner signer = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC());
    private final MerkleTree tree = new MerkleTree(new Leaves(
            IntStream.range(0, SIZE).mapToObj(i -> Hash.leaf(entry(i))).toList()));

    @Test
    void aPackIsReadAsItWasWrittenAndHolds() throws Exception {
        EvidencePack read = EvidencePack.read(new ByteArrayInputStream(written(pack(7, 12))));
        assertThat(read.verify("log", Set.of(signer.key())).treeSize()).isEqualTo(SIZE);
        assertThat(read.entries()).hasSize(12);
        assertThat(read.openings()).containsExactly(MINE, SCOPE);
        assertThat(read.mentions(MINE)).isEqualTo(6);
        assertThat(read.mentions(SCOPE)).isZero();
    }

    @Test
    void itIsVerifiedFromItsFile() throws IOException {
        Path file = Files.write(folder.resolve("pack"), written(pack(0, SIZE)));
        Verification verification = Verification.of(file, List.of(signer.key().text()));
        assertThat(verification.holds()).as(verification.toString()).isTrue();
        assertThat(String.join("\n", verification.lines()))
                .contains("entries 0 to 39 are in the log log")
                .contains("20 of them speak of acme//urn:a b");
    }

    @Test
    void noEntryCanBeLeftOutChangedOrMoved() throws Exception {
        EvidencePack pack = pack(7, 12);
        List<byte[]> fewer = new ArrayList<>(pack.entries());
        fewer.remove(3);
        refused(new EvidencePack(fewer, pack.proof(), pack.checkpoint(), List.of()));
        List<byte[]> changed = new ArrayList<>(pack.entries());
        changed.set(3, entry(0));
        refused(new EvidencePack(changed, pack.proof(), pack.checkpoint(), List.of()));
        List<byte[]> moved = new ArrayList<>(pack.entries());
        moved.add(moved.remove(0));
        refused(new EvidencePack(moved, pack.proof(), pack.checkpoint(), List.of()));
        refused(new EvidencePack(pack.entries(), tree.leaves(8, 12, SIZE), pack.checkpoint(), List.of()));
        refused(new EvidencePack(pack.entries(), tree.leaves(7, 12, SIZE - 1), pack.checkpoint(), List.of()));
    }

    @Test
    void anotherKeyOrLogIsRefused() {
        NoteSigner stranger = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC());
        assertThatThrownBy(() -> pack(7, 12).verify("log", Set.of(stranger.key())))
                .isInstanceOf(InvalidNoteException.class);
        assertThatThrownBy(() -> pack(7, 12).verify("other", Set.of(signer.key())))
                .isInstanceOf(InvalidNoteException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "entries", "checkpoint", "openings"})
    void aPackThatLacksAFileOrHasAnotherInItsPlaceIsNone(String name) throws IOException {
        Map<String, byte[]> files = files(written(pack(7, 12)));
        byte[] there = files.remove(name);
        assertThat(there).isNotNull();
        assertThatThrownBy(() -> EvidencePack.read(new ByteArrayInputStream(zip(files))))
                .isInstanceOf(InvalidNoteException.class)
                .hasMessageContaining(name);
        files.put(name, "no such thing\n".getBytes(UTF_8));
        assertThatThrownBy(() -> EvidencePack.read(new ByteArrayInputStream(zip(files))))
                .isInstanceOf(InvalidNoteException.class);
    }

    private void refused(EvidencePack pack) throws IOException {
        byte[] bytes = written(pack);
        assertThatThrownBy(
                        () -> EvidencePack.read(new ByteArrayInputStream(bytes)).verify("log", Set.of(signer.key())))
                .isInstanceOf(InvalidProofException.class);
    }

    private EvidencePack pack(int first, int count) {
        String text = new Checkpoint("log", SIZE, tree.root(SIZE)).text();
        return new EvidencePack(
                IntStream.range(first, first + count)
                        .mapToObj(EvidencePackTest::entry)
                        .toList(),
                tree.leaves(first, count, SIZE),
                new SignedNote(text, List.of(signer.sign(text))),
                List.of(MINE, SCOPE));
    }

    private static byte[] entry(int i) {
        String subject = i % 2 == 0 ? MINE.commitment().hex() : "none";
        return ("{\"subject\":\"" + subject + "\",\"n\":" + i + "}").getBytes(UTF_8);
    }

    private static byte[] written(EvidencePack pack) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pack.write(out, Map.of("report.html", "<p>".getBytes(UTF_8)));
        return out.toByteArray();
    }

    private static Map<String, byte[]> files(byte[] pack) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return out.toByteArray();
    }
}
