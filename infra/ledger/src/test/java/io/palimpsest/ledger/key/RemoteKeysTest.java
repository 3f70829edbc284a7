package io.palimpsest.ledger.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteKeysTest {
    private static final String ORIGIN = "log.test/ledger";
    private static final String PASSWORD = "correct horse";
    private static final String TEXT = "log.test/ledger\n0\nAAAA\n";

    @TempDir
    private Path folder;

    @Test
    void aKeyInAKeystoreSigns() throws Exception {
        NoteSigner signer = open(inStore("ledger", PASSWORD)).orElseThrow();
        assertThat(signer.key().name()).isEqualTo(ORIGIN);
        assertThat(new SignedNote(TEXT, List.of(signer.sign(TEXT))).verified(Set.of(signer.key())))
                .containsExactly(signer.key());
        assertThatThrownBy(signer::text).hasMessageContaining("does not leave");
    }

    @Test
    void whatTheKeystoreHasNotIsSaidWithoutThePassword() throws Exception {
        invalid(inStore("other", PASSWORD), "other");
        invalid(inStore("ledger", "wrong horse"), "ledger.key.store.file");
        assertThatThrownBy(() -> Settings.load(Map.of("ledger.key.source", "pkcs12")))
                .hasMessageContaining("ledger.key.store.file");
    }

    @Test
    void aDeviceWhoseProviderCannotBeConfiguredIsSaid() throws Exception {
        Path none = Files.writeString(folder.resolve("pkcs11"), "name = none\nlibrary = /nowhere/none.so\n");
        Map<String, String> settings = Map.of("ledger.key.source", "pkcs11", "ledger.key.store.file", none.toString());
        assertThatThrownBy(() -> open(settings))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID));
    }

    @Test
    void aKeyBehindACommandSigns() throws Exception {
        KeyPair pair = pair();
        NoteSigner signer = open(byCommand(pair, pair)).orElseThrow();
        assertThat(new SignedNote(TEXT, List.of(signer.sign(TEXT))).verified(Set.of(signer.key())))
                .containsExactly(signer.key());
    }

    @Test
    void aCommandThatSignsWithAnotherKeyOrFailsIsRefused() throws Exception {
        invalid(byCommand(pair(), pair()), "is not the key");
        Map<String, String> settings = Map.of(
                "ledger.key.source", "command",
                "ledger.key.command", "false",
                "ledger.key.verifier", new NoteKey(ORIGIN, KeyType.ED25519, pair().getPublic()).text());
        invalid(settings, "ended with 1");
        assertThatThrownBy(() -> Settings.load(Map.of("ledger.key.source", "command")))
                .hasMessageContaining("ledger.key.verifier");
    }

    @Test
    void aFileIsTheDefault() {
        assertThat(open(Map.of())).isEmpty();
    }

    private static KeyPair pair() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private Map<String, String> byCommand(KeyPair told, KeyPair used) throws Exception {
        Path file = Files.writeString(
                folder.resolve("secret"),
                Base64.getEncoder().encodeToString(used.getPrivate().getEncoded()));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of(ToyKms.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString(),
                ToyKms.class.getName(),
                file.toString());
        return Map.of(
                "ledger.key.source", "command",
                "ledger.key.command", String.join(",", command),
                "ledger.key.verifier", new NoteKey(ORIGIN, KeyType.ED25519, told.getPublic()).text());
    }

    private Map<String, String> inStore(String alias, String password) throws Exception {
        Path store = folder.resolve("store.p12");
        if (!Files.exists(store)) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "Ed25519",
                    "-alias",
                    "ledger",
                    "-dname",
                    "CN=ledger",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD));
            assertThat(new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("said").toFile())
                            .start()
                            .waitFor())
                    .isZero();
        }
        return Map.of(
                "ledger.key.source",
                "pkcs12",
                "ledger.key.store.file",
                store.toString(),
                "ledger.key.store.alias",
                alias,
                "ledger.key.store.password",
                password);
    }

    private static Optional<NoteSigner> open(Map<String, String> settings) {
        return RemoteKeys.open(Settings.load(settings).ledger().key(), ORIGIN, Clock.systemUTC());
    }

    private static void invalid(Map<String, String> settings, String words) {
        assertThatThrownBy(() -> open(settings))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining(words)
                .hasMessageNotContaining("horse");
    }
}
