package io.palimpsest.verifier.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedNoteTest {
    /** Key, text and signature of the documentation of Go's {@code golang.org/x/mod/sumdb/note}. */
    private static final String SECRET =
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    private static final String PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String TEXT =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private static final String LINE = "\u2014 PeterNeumann"
            + " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00.5Z"), ZoneOffset.UTC);

    private final NoteSigner peter = NoteSigner.parse(SECRET + "\n" + PUBLIC + "\n", CLOCK);

    @Test
    void signaturesAreThoseOfOtherImplementations() throws InvalidNoteException {
        SignedNote note = new SignedNote(TEXT, List.of(peter.sign(TEXT)));
        assertThat(new String(note.bytes(), UTF_8)).isEqualTo(TEXT + "\n" + LINE + "\n");
        assertThat(SignedNote.parse(note.bytes())).isEqualTo(note);
        assertThat(note.verified(Set.of(NoteKey.parse(PUBLIC)))).containsExactly(peter.key());
        assertThat(peter.text()).isEqualTo(SECRET + "\n" + PUBLIC + "\n");
    }

    @Test
    void whatOthersSignedSaysNothing() throws InvalidNoteException {
        NoteSigner other = NoteSigner.generate("PeterNeumann", KeyType.ED25519, CLOCK);
        SignedNote note = new SignedNote(TEXT, List.of(other.sign(TEXT)));
        assertThat(note.verified(Set.of(peter.key()))).isEmpty();
        assertThat(note.with(List.of(peter.sign(TEXT))).verified(Set.of(peter.key(), other.key())))
                .containsExactlyInAnyOrder(peter.key(), other.key());
    }

    @Test
    void aChangedTextIsSeen() {
        SignedNote note = new SignedNote(TEXT.replace("know", "now"), List.of(peter.sign(TEXT)));
        assertThatThrownBy(() -> note.verified(Set.of(peter.key()))).isInstanceOf(InvalidNoteException.class);
    }

    @Test
    void aWitnessStatesWhenItSawTheCheckpoint() throws InvalidNoteException {
        NoteSigner witness = NoteSigner.generate("witness.example/w", KeyType.COSIGNATURE_V1, CLOCK);
        NoteSignature signature = witness.sign(TEXT);
        SignedNote note = new SignedNote(TEXT, List.of(peter.sign(TEXT), signature));
        assertThat(note.verified(Set.of(witness.key()))).containsExactly(witness.key());
        assertThat(Cosignature.time(signature)).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        byte[] later = signature.bytes();
        later[7]++;
        SignedNote changed = new SignedNote(TEXT, List.of(NoteSignature.of(witness.key(), later)));
        assertThatThrownBy(() -> changed.verified(Set.of(witness.key()))).isInstanceOf(InvalidNoteException.class);
    }

    @Test
    void aCosignatureIsOfATimeThatThereIs() {
        NoteSigner witness = NoteSigner.generate("witness.example/w", KeyType.COSIGNATURE_V1, CLOCK);
        byte[] late = witness.sign(TEXT).bytes();
        for (byte first : new byte[] {Byte.MAX_VALUE, Byte.MIN_VALUE}) {
            late[0] = first;
            assertThatThrownBy(() -> Cosignature.time(NoteSignature.of(witness.key(), late)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aKeySignsOnlyWhatItIsFor() {
        NoteSigner plain = NoteSigner.generate("log", KeyType.ED25519, CLOCK);
        NoteKey asWitness =
                new NoteKey("log", KeyType.COSIGNATURE_V1, plain.key().key());
        assertThat(asWitness.id()).isNotEqualTo(plain.key().id());
        assertThat(asWitness.verifies(TEXT, plain.sign(TEXT).bytes())).isFalse();
    }

    @Test
    void aDigitOfAKeyCannotBeChanged() {
        assertThatThrownBy(() -> NoteKey.parse(PUBLIC.replace("c74f20a3", "c74f20a4")))
                .hasMessageContaining("c74f20a4");
        assertThatThrownBy(() -> NoteKey.parse(PUBLIC.replace("ARpc", "ARpd")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NoteKey.parse("PeterNeumann")).isInstanceOf(IllegalArgumentException.class);
        String another = NoteSigner.generate("PeterNeumann", KeyType.ED25519, CLOCK)
                .key()
                .text();
        assertThatThrownBy(() -> NoteSigner.parse(SECRET + "\n" + another, CLOCK))
                .hasMessageContaining("not of one key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text\n",
                "text\n\n",
                "text\n\n" + LINE,
                "text\n" + LINE + "\n",
                "te\txt\n\n" + LINE + "\n",
                "text\n\n\u2014 PeterNeumann\n",
                "text\n\n- PeterNeumann AAAAAAA=\n",
                "text\n\n\u2014 PeterNeumann AAAA\n",
                "text\n\n" + LINE + "\r\n",
                "text\n\n" + LINE + "\r" + LINE + "\n",
                "text\n\n" + LINE + "\n\u2014 a\tb AAAAAAA=\n",
                "text\n\n" + LINE + "\n\u2014 a\u00a0b AAAAAAA=\n",
                "text\n\n" + LINE + "\n\u2014 a\u0085b AAAAAAA=\n",
                "text\n\n\u2014 PeterNeumann AAAAAAA\n",
                "text\n\n\u2014 PeterNeumann AAAAAAB=\n",
                "text\n\n" + LINE + "\nmore\n"
            })
    void whatIsNoNoteIsRefused(String text) {
        assertThatThrownBy(() -> SignedNote.parse(text.getBytes(UTF_8))).isInstanceOf(InvalidNoteException.class);
    }
}
