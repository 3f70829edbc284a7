package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.Verification;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PassageProofTest {
    private static final Map<String, List<String>> FEW =
            Map.of("urn:a", List.of(passage(1), passage(2), passage(3)), "urn:b", List.of(passage(1)));

    @Property(tries = 15)
    void everyMemberIsProvenAndEverythingElseIsProvenAbsent(@ForAll("manifests") Map<String, Set<String>> passages)
            throws Exception {
        SampleManifest manifest = new SampleManifest(passages);
        for (int d = 0; d < 7; d++) {
            String document = "urn:d" + d;
            Set<String> has = passages.getOrDefault(document, Set.of());
            List<String> asked = new ArrayList<>(List.of(""));
            for (int p = 0; p < 6; p++) {
                asked.add(passage(p));
            }
            for (String passage : asked) {
                PassageProof proof =
                        PassageProof.parse(manifest.prove(document, passage).bytes());
                PassageProof.Shown shown = proof.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key()));
                boolean isMember = passage.isEmpty() ? !has.isEmpty() : has.contains(passage);
                assertThat(proof.claim().present()).isEqualTo(isMember);
                if (isMember) {
                    assertThat(shown.revision()).contains(7L);
                }
                refused(proof, !isMember, document, passage);
                refused(proof, isMember, "urn:never", passage);
            }
        }
    }

    private static void refused(PassageProof proof, boolean present, String document, String passage) {
        PassageProof turned = with(proof, new PassageProof.Claim(present, "acme", "handbook", document, passage));
        assertThatThrownBy(() -> turned.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key())))
                .isInstanceOf(InvalidProofException.class);
    }

    @Provide
    static Arbitrary<Map<String, Set<String>>> manifests() {
        Arbitrary<Set<String>> ids = Arbitraries.integers()
                .between(0, 5)
                .map(PassageProofTest::passage)
                .set()
                .ofMinSize(1)
                .ofMaxSize(6);
        return Arbitraries.maps(Arbitraries.integers().between(0, 5).map(d -> "urn:d" + d), ids)
                .ofMinSize(0)
                .ofMaxSize(6);
    }

    @Test
    void anyChangedByteIsFound() throws Exception {
        SampleManifest manifest = new SampleManifest(FEW);
        for (PassageProof proof : List.of(manifest.prove("urn:a", passage(2)), manifest.prove("urn:a", passage(9)))) {
            byte[] whole = proof.bytes();
            proof.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key()));
            for (int at = 0; at < whole.length; at++) {
                byte[] changed = whole.clone();
                changed[at] ^= 1;
                if (asksForAnother(changed, proof)) {
                    continue; // which is as absent, and stands between the same leaves perhaps: a true claim
                }
                assertThatThrownBy(() ->
                                PassageProof.parse(changed).verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key())))
                        .as("a changed byte")
                        .isInstanceOfAny(InvalidNoteException.class, InvalidProofException.class);
            }
        }
    }

    private static boolean asksForAnother(byte[] changed, PassageProof proof) {
        try {
            return !proof.claim().present()
                    && !PassageProof.parse(changed)
                            .claim()
                            .passage()
                            .equals(proof.claim().passage());
        } catch (InvalidNoteException e) {
            return false;
        }
    }

    @Test
    void absenceIsProvenAtBothEndsAndOfAnEmptyManifest() throws Exception {
        Set<Integer> leaves = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            PassageProof proof = new SampleManifest(FEW).prove("urn:other" + i, "");
            proof.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key()));
            leaves.add(proof.leaves().size() == 2 ? 2 : proof.first() == 0 ? 0 : 1);
        }
        assertThat(leaves).as("between, at the beginning, at the end").containsExactlyInAnyOrder(0, 1, 2);
        PassageProof empty = new SampleManifest(Map.of()).prove("urn:a", passage(1));
        assertThat(empty.leaves()).isEmpty();
        assertThat(empty.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key()))
                        .head()
                        .size())
                .isZero();
    }

    @Test
    void leavesThatAreNotAdjacentProveNoAbsence() {
        SampleManifest manifest = new SampleManifest(FEW);
        PassageProof proof = manifest.prove("urn:a", passage(2));
        List<ManifestLeaf> around = List.of(manifest.leaf(0), manifest.leaf(3));
        PassageProof forged = new PassageProof(
                new PassageProof.Claim(false, "acme", "handbook", "urn:a", passage(2)),
                proof.salt(),
                proof.key(),
                proof.place(),
                0,
                around,
                proof.path(),
                proof.entry());
        assertThatThrownBy(() -> forged.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key())))
                .isInstanceOf(InvalidProofException.class);
    }

    @Test
    void anotherRootCollectionOrPlaceIsRefused() {
        SampleManifest manifest = new SampleManifest(FEW);
        PassageProof proof = manifest.prove("urn:a", passage(2));
        for (PassageProof wrong : List.of(
                with(proof, new PassageProof.Claim(true, "acme", "other", "urn:a", passage(2))),
                with(proof, new PassageProof.Claim(true, "other", "handbook", "urn:a", passage(2))),
                with(proof, new PassageProof.Claim(true, "acme", "handbook", "urn:b", passage(2))),
                with(proof, new PassageProof.Claim(true, "acme", "handbook", "urn:a", passage(3))),
                new PassageProof(
                        proof.claim(),
                        proof.salt(),
                        proof.key(),
                        proof.place(),
                        proof.first(),
                        proof.leaves(),
                        proof.path(),
                        manifest.entry(Hash.sha256(new byte[0]))))) {
            assertThatThrownBy(() -> wrong.verify(SampleManifest.ORIGIN, Set.of(SampleManifest.key())))
                    .isInstanceOf(InvalidProofException.class);
        }
    }

    @Test
    void neighboursShowNothingThatCouldBeGuessed() {
        SampleManifest manifest = new SampleManifest(FEW);
        String shown = new String(manifest.prove("urn:other", "").bytes(), UTF_8);
        FEW.keySet().forEach(document -> assertThat(shown).doesNotContain(document));
        assertThat(manifest.leaf(0).maskedRevision()).isNotEqualTo(7);
        assertThat(shown).doesNotContain(passage(1), passage(2), passage(3));
    }

    @Test
    void theFormatStays() {
        byte[] bytes = new SampleManifest(FEW).prove("urn:a", passage(2)).bytes();
        assertThat(Hash.sha256(bytes).hex()).isEqualTo(GOLDEN);
        assertThat(new String(bytes, UTF_8))
                .startsWith("palimpsest-passage-proof/1\nclaim present\ntenant YWNtZQ==\ncollection aGFuZGJvb2s=\n"
                        + "document dXJuOmE=\npassage " + passage(2) + "\nsalt ")
                .contains("\n\nc2sp.org/tlog-proof@v1\nextra ");
    }

    private static final String GOLDEN = "ba2be9d2665bef9a75de12650502c94ba48b21f6742f77d06a84057d3c5fe812";

    @Test
    void theFileIsVerifiedWithTheKeyAlone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("it.passage-proof");
        Files.write(file, new SampleManifest(FEW).prove("urn:a", passage(2)).bytes());
        Verification held = Verification.of(file, List.of(SampleManifest.key().text()));
        assertThat(held.holds()).as(String.join("\n", held.lines())).isTrue();
        assertThat(held.lines()).anyMatch(line -> line.contains("document urn:a (revision 7)"));
        Files.write(file, new SampleManifest(FEW).prove("urn:c", "").bytes());
        assertThat(Verification.of(file, List.of(SampleManifest.key().text())).lines())
                .anyMatch(line -> line.startsWith("did not have document urn:c"));
        Files.writeString(file, Files.readString(file).replace("claim absent", "claim present"));
        assertThat(Verification.of(file, List.of(SampleManifest.key().text())).holds())
                .isFalse();
    }

    private static PassageProof with(PassageProof proof, PassageProof.Claim claim) {
        return new PassageProof(
                claim,
                proof.salt(),
                proof.key(),
                proof.place(),
                proof.first(),
                proof.leaves(),
                proof.path(),
                proof.entry());
    }

    static String passage(int i) {
        return String.format("%032x", i + 0x1234567890abcL);
    }
}
