package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.Leaves;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A manifest in memory, and its entry in a log of three. Everything but the VRF key is the same each time. */
final class SampleManifest implements SortedLeaves {
    static final String ORIGIN = "log.example.org/ledger";
    static final VrfSecret SECRET = VrfSecret.of(HexFormat.of().parseHex(SampleKeys.PRIMES));
    private static final NoteSigner SIGNER = NoteSigner.parse(SampleKeys.NOTE, Clock.systemUTC());
    private static final Hash SALT = Hash.sha256("salt".getBytes(UTF_8));
    private static final Hash SCOPE_SALT = Hash.sha256("scope".getBytes(UTF_8));

    private final List<ManifestLeaf> leaves;
    private final Leaves nodes;
    final LogProof entry;

    /** @param passages of each document, each with revision 7 */
    SampleManifest(Map<String, ? extends Collection<String>> passages) {
        List<ManifestLeaf> made = new ArrayList<>();
        passages.forEach((document, ids) -> {
            byte[] place = SECRET.prove(DocumentTags.input("acme", "handbook", document));
            DocumentTags tags = new DocumentTags(SALT, VrfKey.output(place));
            ids.forEach(id -> made.add(tags.leaf(7, id)));
        });
        leaves = made.stream().sorted().toList();
        nodes = new Leaves(leaves.stream().map(ManifestLeaf::hash).toList());
        entry = entry(new MerkleTree(nodes).root(leaves.size()));
    }

    /** With another root in the log than that of the leaves. */
    LogProof entry(Hash root) {
        ManifestHead head = new ManifestHead(
                "acme.handbook.g1",
                java.time.Instant.parse("2026-03-01T12:00:00Z"),
                leaves.size(),
                root,
                SALT,
                SECRET.key().fingerprint(),
                Commitment.scope(SCOPE_SALT.bytes(), "acme", "handbook").hex());
        String facts = head.facts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> "\"" + fact.getKey() + "\":\"" + fact.getValue() + "\"")
                .collect(Collectors.joining(","));
        byte[] json = ("{\"actor\":\"service:index\",\"at\":\"" + head.at() + "\",\"facts\":{" + facts
                        + "},\"id\":\"00\",\"scope\":\"" + head.scope() + "\",\"type\":\"" + ManifestHead.TYPE
                        + "\",\"v\":1}")
                .getBytes(UTF_8);
        MerkleTree log = new MerkleTree(
                new Leaves(List.of(Hash.leaf("a".getBytes(UTF_8)), Hash.leaf(json), Hash.leaf("b".getBytes(UTF_8)))));
        String text = new Checkpoint(ORIGIN, 3, log.root(3)).text();
        return LogProof.of(json, log.inclusion(1, 3), new SignedNote(text, List.of(SIGNER.sign(text))));
    }

    static NoteKey key() {
        return SIGNER.key();
    }

    /** @param passage empty: any */
    PassageProof prove(String document, String passage) {
        return new PassageProver(SECRET)
                .prove(
                        new PassageProver.Question("acme", "handbook", document, passage),
                        this,
                        SALT,
                        SCOPE_SALT,
                        entry);
    }

    @Override
    public long size() {
        return leaves.size();
    }

    @Override
    public ManifestLeaf leaf(long index) {
        return leaves.get((int) index);
    }

    @Override
    public Hash read(int level, long index) {
        return nodes.read(level, index);
    }
}
