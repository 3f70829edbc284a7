package io.palimpsest.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiKeysTest {
    private static final String READER = """
            {"keyHash": "%s", "tenant": "acme", "name": "reader", "collections": ["handbook"],
             "roles": ["SEARCH"], "groups": ["staff"]}""".formatted(ContentHash.ofText("reader-key"));
    private static final String ADMIN = """
            {"keyHash": "%s", "tenant": "acme", "name": "admin", "collections": ["*"], "roles": ["OPERATE", "AUDIT"]}""".formatted(ContentHash.ofText("admin-key"));

    @TempDir
    private Path folder;

    @Test
    void aKnownKeyIsItsCaller() throws IOException {
        ApiKeys keys = ApiKeys.fromFile(write("[" + READER + "," + ADMIN + "]"));

        Caller reader = keys.authenticate("reader-key").orElseThrow();
        assertThat(reader.tenant()).isEqualTo(new TenantId("acme"));
        assertThat(reader.principals()).containsExactlyInAnyOrder("*", "user:reader", "group:staff");
        assertThat(reader.roles()).containsExactly(Role.SEARCH);
        assertThat(reader.mayUse(new CollectionId("handbook"))).isTrue();
        assertThat(reader.mayUse(new CollectionId("wiki"))).isFalse();
        assertThat(keys.authenticate("admin-key").orElseThrow().mayUse(new CollectionId("anything")))
                .isTrue();
    }

    @Test
    void anUnknownKeyIsNobody() throws IOException {
        ApiKeys keys = ApiKeys.fromFile(write("[" + READER + "]"));

        assertThat(keys.authenticate(null)).isEmpty();
        assertThat(keys.authenticate("")).isEmpty();
        assertThat(keys.authenticate("Reader-key")).isEmpty();
        assertThat(keys.authenticate(ContentHash.ofText("reader-key").value())).isEmpty();
        assertThat(ApiKeys.of(List.of()).authenticate("reader-key")).isEmpty();
    }

    @Test
    void aChangedFileIsReadAgainAndABrokenOneIsNot() throws IOException {
        Path file = write("[" + READER + "]");
        ApiKeys keys = ApiKeys.fromFile(file);
        assertThat(keys.authenticate("admin-key")).isEmpty();

        replace(file, "[" + ADMIN + "]", 1);
        assertThat(keys.authenticate("admin-key")).isPresent();
        assertThat(keys.authenticate("reader-key")).isEmpty();

        replace(file, "[{\"broken\"", 2);
        assertThat(keys.authenticate("admin-key")).isPresent();

        replace(file, "[]", 3);
        assertThat(keys.authenticate("admin-key")).isEmpty();
    }

    @Test
    void aFileThatIsNotAListOfKeysStopsTheStart() throws IOException {
        for (String wrong : List.of(
                "",
                "{}",
                "[{}]",
                "[{\"key\": \"x\"}]",
                "[" + READER.replace("SEARCH", "FLY") + "]",
                "[" + READER.replace("handbook", "No Name") + "]",
                "[" + READER.replace("keyHash", "hash") + "]")) {
            Path file = write(wrong);
            assertThatThrownBy(() -> ApiKeys.fromFile(file))
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID));
        }
    }

    @Test
    void aCallerWithoutCollectionsMayUseNothing() {
        Caller caller = new Caller(new TenantId("acme"), "nobody", Set.of(), Set.of(), Set.of());

        assertThat(caller.mayUse(new CollectionId("default"))).isFalse();
        assertThat(caller.has(Role.SEARCH)).isFalse();
    }

    @Test
    void theLocalKeyIsMadeOnceAndOnlyItsOwnerCanReadIt() throws IOException {
        LocalKey first = LocalKey.ensure(folder.resolve("data"));
        LocalKey again = LocalKey.ensure(folder.resolve("data"));

        assertThat(again.secret()).isEqualTo(first.secret()).hasSize(68);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.file())))
                .isEqualTo("rw-------");
        assertThat(first.toString()).doesNotContain(first.secret());
        Caller caller =
                ApiKeys.of(List.of(first.entry())).authenticate(first.secret()).orElseThrow();
        assertThat(caller.tenant()).isEqualTo(LocalKey.TENANT);
        assertThat(caller.roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(caller.mayUse(new CollectionId("default"))).isTrue();
    }

    private Path write(String json) throws IOException {
        return Files.writeString(folder.resolve("keys.json"), json);
    }

    /** The time is set, so that the change shows on file systems with coarse times too. */
    private static void replace(Path file, String json, int second) throws IOException {
        Files.writeString(file, json);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(second)));
    }

    @Test
    void noKeyIsOfTheTenantThatModelsAreKeptUnder() {
        assertThatThrownBy(() ->
                        new KeyEntry(ContentHash.ofText("k"), ModelManifest.TENANT, "k", List.of("*"), List.of(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reserved");
    }
}
