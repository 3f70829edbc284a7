package io.palimpsest.verifier.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogEntryTest {
    @Test
    void membersAreReadByTheirNames() {
        LogEntry entry = parse("{\"facts\":{\"a\\\"b\":\"\\u0041\\n\",\"n\":-5},\"none\":{},\"type\":\"T\",\"v\":1}");
        assertThat(entry.member("facts.a\"b")).contains("A\n");
        assertThat(entry.member("facts.n")).contains("-5");
        assertThat(entry.member("type")).contains("T");
        assertThat(entry.member("v")).contains("1");
        assertThat(entry.member("other")).isEmpty();
        LogEntry list = parse("{\"a\":[],\"p\":[{\"s\":-0.5e-3},true,\"x\"]}");
        assertThat(list.member("p.0.s")).contains("-0.5e-3");
        assertThat(list.member("p.1")).contains("true");
        assertThat(list.member("p.2")).contains("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"a\":1}x",
                "{\"a\":1,\"a\":2}",
                "{\"a\":}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00\"}",
                "{\"a\":\"\\u00zz\"}",
                "{\"a\":[1}",
                "{\"a\":[1,]}",
                "{\"a\":[{\"b\":1,\"b\":1}]}",
                "{\"a\":{\"b\":1},\"a\":{\"b\":2}}",
                "{\"a\":tru}",
                "{\"a\":1 }",
                "{\"a\":\"b}"
            })
    void whatIsNoSuchObjectIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LogEntry parse(String text) {
        return LogEntry.parse(text.getBytes(UTF_8));
    }
}
