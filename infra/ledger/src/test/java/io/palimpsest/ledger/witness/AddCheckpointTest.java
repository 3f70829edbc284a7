package io.palimpsest.ledger.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import java.util.Collections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddCheckpointTest {
    private static final GrowingLog LOG = GrowingLog.of(GrowingLog.ORIGIN);

    /** That of C2SP tlog-witness. */
    private static final String EXAMPLE = """
            old 20852014
            PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
            jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
            5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
            /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            \u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            \u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
            """;

    @Test
    void bytesAreThoseOfTheSpecification() {
        AddCheckpoint request = AddCheckpoint.parse(EXAMPLE.getBytes(UTF_8));
        assertThat(request.oldSize()).isEqualTo(20_852_014);
        assertThat(request.proof())
                .hasSize(4)
                .last()
                .isEqualTo(Hash.ofBase64("/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0="));
        assertThat(request.checkpoint().treeSize()).isEqualTo(20_852_163);
        assertThat(request.note().signatures()).hasSize(2);
        assertThat(new String(request.bytes(), UTF_8)).isEqualTo(EXAMPLE);
    }

    @Property(tries = 200)
    void whatIsWrittenIsRead(@ForAll @LongRange(max = 70) long oldSize, @ForAll @LongRange(max = 70) long size) {
        AddCheckpoint request = LOG.request(oldSize, size);
        assertThat(AddCheckpoint.parse(request.bytes())).isEqualTo(request);
    }

    @Test
    void noPrefixOfARequestIsOne() {
        byte[] body = LOG.request(3, 5).bytes();
        for (int length = 0; length < body.length; length++) {
            byte[] torn = java.util.Arrays.copyOf(body, length);
            assertThatThrownBy(() -> AddCheckpoint.parse(torn)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "old 1",
                "old  1\n",
                "old 01\n",
                "old -1\n",
                "old 1 \n",
                "old 1\r\n",
                "old 9999999999999999999\n",
                "new 1\n",
                "Old 1\n",
                "old 1\nAAAA\n",
                "old 1\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkax=\n",
                "old 1\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\r\n",
                "\nold 1\n",
                ""
            })
    void otherHeadsAreRefused(String head) {
        byte[] body = (head + "\n" + new String(LOG.checkpoint(1).bytes(), UTF_8)).getBytes(UTF_8);
        assertThatThrownBy(() -> AddCheckpoint.parse(body)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProofHas63HashesAtMost() {
        String lines = (MerkleTree.EMPTY.base64() + "\n").repeat(63);
        String note = new String(LOG.checkpoint(9).bytes(), UTF_8);
        assertThat(AddCheckpoint.parse(("old 1\n" + lines + "\n" + note).getBytes(UTF_8))
                        .proof())
                .isEqualTo(Collections.nCopies(63, MerkleTree.EMPTY));
        assertThatThrownBy(() -> AddCheckpoint.parse(
                        ("old 1\n" + lines + MerkleTree.EMPTY.base64() + "\n\n" + note).getBytes(UTF_8)))
                .hasMessageContaining("63");
    }
}
