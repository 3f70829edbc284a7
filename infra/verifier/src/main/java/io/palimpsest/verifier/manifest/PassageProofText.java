package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.tlog.LogProof;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A {@link PassageProof} as lines, each ended by a line feed; texts in Base64 of their UTF-8:
 *
 * <pre>
 * palimpsest-passage-proof/1
 * claim present                     or absent
 * tenant TEXT
 * collection TEXT
 * document TEXT
 * passage ID                        or a dot: any of the document
 * salt BASE64                       of the commitment to tenant and collection
 * key BASE64                        modulus of the key that documents are placed with
 * place HEX                         proof of the document's place, 256 bytes
 * first INDEX                       of the first leaf
 * leaf HEX                          72 bytes; none to two lines
 * path BASE64                       none or more lines
 *
 * </pre>
 *
 * and after the empty line the entry of the manifest as {@link LogProof} writes it.
 */
final class PassageProofText {
    private static final Pattern PASSAGE = Pattern.compile("[0-9a-f]{32}");
    private static final String ANY = ".";

    private PassageProofText() {}

    static String write(PassageProof proof) {
        PassageProof.Claim claim = proof.claim();
        StringBuilder text = new StringBuilder(PassageProof.FORMAT).append('\n');
        line(text, "claim", claim.present() ? "present" : "absent");
        line(text, "tenant", base64(claim.tenant()));
        line(text, "collection", base64(claim.collection()));
        line(text, "document", base64(claim.document()));
        line(text, "passage", claim.passage().isEmpty() ? ANY : claim.passage());
        line(text, "salt", proof.salt().base64());
        line(text, "key", proof.key().text());
        line(text, "place", proof.place().hex());
        line(text, "first", Long.toString(proof.first()));
        proof.leaves().forEach(leaf -> line(text, "leaf", HexFormat.of().formatHex(leaf.bytes())));
        proof.path().forEach(hash -> line(text, "path", hash.base64()));
        return text.append('\n')
                .append(new String(proof.entry().bytes(), UTF_8))
                .toString();
    }

    static PassageProof read(String text) throws InvalidNoteException {
        int end = text.indexOf("\n\n");
        if (end < 0) {
            throw new InvalidNoteException("a proof of a passage has an empty line before its entry");
        }
        List<String> lines = new ArrayList<>(List.of(text.substring(0, end).split("\n", -1)));
        LogProof entry = LogProof.parse(text.substring(end + 2).getBytes(UTF_8));
        try {
            if (!lines.remove(0).equals(PassageProof.FORMAT)) {
                throw new InvalidNoteException("a proof of a passage begins with " + PassageProof.FORMAT);
            }
            PassageProof.Claim claim = claim(lines);
            return new PassageProof(
                    claim,
                    Hash.ofBase64(value(lines, "salt")),
                    VrfKey.parse(value(lines, "key")),
                    new PassageProof.HexProof(value(lines, "place")),
                    Long.parseLong(value(lines, "first")),
                    values(lines, "leaf").stream()
                            .map(leaf -> ManifestLeaf.of(HexFormat.of().parseHex(leaf)))
                            .toList(),
                    values(lines, "path").stream().map(Hash::ofBase64).toList(),
                    entry);
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException("a line of the proof is not what it must be: " + e.getMessage());
        }
    }

    private static PassageProof.Claim claim(List<String> lines) {
        boolean present = switch (value(lines, "claim")) {
            case "present" -> true;
            case "absent" -> false;
            default -> throw new IllegalArgumentException("claim");
        };
        String tenant = text(value(lines, "tenant"));
        String collection = text(value(lines, "collection"));
        String document = text(value(lines, "document"));
        String passage = value(lines, "passage");
        if (!passage.equals(ANY) && !PASSAGE.matcher(passage).matches()) {
            throw new IllegalArgumentException("passage");
        }
        return new PassageProof.Claim(present, tenant, collection, document, passage.equals(ANY) ? "" : passage);
    }

    /** Takes the first line, which has this name. */
    private static String value(List<String> lines, String name) {
        if (lines.isEmpty() || !lines.get(0).startsWith(name + " ")) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return lines.remove(0).substring(name.length() + 1);
    }

    private static List<String> values(List<String> lines, String name) {
        List<String> values = new ArrayList<>();
        while (!lines.isEmpty() && lines.get(0).startsWith(name + " ")) {
            values.add(value(lines, name));
        }
        return values;
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), UTF_8);
    }
}
