package io.palimpsest.platform.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedSecretsTest {
    @Test
    void theFirstOneIsEverybodysAndAnotherMasterKeyIsFoundOut(@TempDir Path dir) {
        try (Database database = Database.open(DatabaseSettings.inFile(dir.resolve("test.db")))) {
            SharedSecrets one = new SharedSecrets(database.sql(), MasterKey.ensure(dir.resolve("master.key")));
            SharedSecrets two = new SharedSecrets(database.sql(), MasterKey.ensure(dir.resolve("master.key")));
            assertThat(one.ensure("secret", () -> new byte[] {1})).containsExactly(1);
            assertThat(two.ensure("secret", () -> new byte[] {2})).containsExactly(1);
            SharedSecrets stranger = new SharedSecrets(database.sql(), MasterKey.ensure(dir.resolve("another.key")));
            assertThatThrownBy(() -> stranger.ensure("secret", () -> new byte[] {3}))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                    .hasMessageContaining("content.master.key.file");
        }
    }
}
