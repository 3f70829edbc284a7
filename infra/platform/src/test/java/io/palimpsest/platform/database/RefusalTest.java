package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator is told of a failure. */
final class RefusalTest {
    @ParameterizedTest
    @CsvSource({
        "53100, FULL",
        "25006, READ_ONLY",
        "28P01, CREDENTIALS",
        "28000, CREDENTIALS",
        "08004, CREDENTIALS",
        "42501, RIGHTS",
        "3F000, RIGHTS",
        "3D000, NO_DATABASE",
        "57P04, NO_DATABASE",
        "42P01, OTHER_SCHEMA",
        "42703, OTHER_SCHEMA",
        "57014, CANCELLED",
        "53300, CONNECTIONS",
        "53200, RESOURCES",
        "40001, BUSY",
        "55P03, BUSY",
        "58030, STORAGE",
        "XX001, STORAGE",
        "XX000, OTHER",
        "08006, SILENT",
        "57P01, SILENT",
        "23505, OTHER",
        "2, OTHER"
    })
    void statesOfPostgresAreToldApart(String state, Refusal refusal) {
        assertThat(Refusal.of(new SQLException("no", state))).isEqualTo(refusal);
        assertThat(Refusal.ofPool(new SQLException("timed out", null, new SQLException("no", state))))
                .isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "5, BUSY",
        "8, READ_ONLY",
        "10, STORAGE",
        "266, STORAGE",
        "11, STORAGE",
        "13, FULL",
        "26, STORAGE",
        "1, OTHER"
    })
    void codesOfSqliteAreToldApart(int code, Refusal refusal) {
        assertThat(Refusal.of(new SQLException("no", null, code))).isEqualTo(refusal);
    }

    @Test
    void aPoolThatWaitedInVainIsNotTheServersSilence() {
        assertThat(Refusal.ofPool(new SQLException("timed out"))).isEqualTo(Refusal.POOL);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void eachSaysWhatToDo(Refusal refusal) {
        assertThat(refusal.advice()).containsPattern("[:?] |, and ").doesNotEndWith(".");
    }
}
