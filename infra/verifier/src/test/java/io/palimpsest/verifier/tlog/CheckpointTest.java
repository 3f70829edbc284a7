package io.palimpsest.verifier.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.merkle.Hash;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointTest {
    private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    @Test
    void textIsThatOfTheSpecification() {
        String text = "example.com/behind-the-sofa\n20852163\n" + ROOT + "\n";
        Checkpoint checkpoint = new Checkpoint("example.com/behind-the-sofa", 20_852_163, Hash.ofBase64(ROOT));
        assertThat(checkpoint.text()).isEqualTo(text);
        assertThat(Checkpoint.parse(text)).isEqualTo(checkpoint);
    }

    @Test
    void linesThatOthersAddedAreKept() {
        String text = "log\n0\n" + ROOT + "\nfirst\nsecond\n";
        assertThat(Checkpoint.parse(text).extensions()).isEqualTo(List.of("first", "second"));
        assertThat(Checkpoint.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log\n1\n" + ROOT,
                "log\n1\n",
                "\n1\n" + ROOT + "\n",
                "log\n01\n" + ROOT + "\n",
                "log\n-1\n" + ROOT + "\n",
                "log\n1x\n" + ROOT + "\n",
                "log\n99999999999999999999\n" + ROOT + "\n",
                "log\n1\nAAAA\n",
                "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
                "log\n1\n" + ROOT + "\n\n"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
