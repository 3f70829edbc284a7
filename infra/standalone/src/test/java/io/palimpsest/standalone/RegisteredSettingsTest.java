package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.index.embed.HttpEmbedder;
import io.palimpsest.index.embed.HttpEmbedderSettings;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.registry.Artifact;
import io.palimpsest.platform.registry.ArtifactKind;
import io.palimpsest.platform.registry.Registrations;
import io.palimpsest.platform.registry.Registry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class RegisteredSettingsTest {
    private static final ContentHash TOKENIZER = ContentHash.ofText("a tokeniser");
    private static final Map<String, String> ELSEWHERE = Map.of(
            "answer.endpoint", "https://llm.example.org/secret-path/v1/chat/completions",
            "answer.endpoint.model", "talker",
            "search.rerank.endpoint", "https://llm.example.org/secret-path/rerank",
            "search.rerank.key", "hunter2",
            "search.rerank.model", "talker",
            "embed.endpoint", "https://llm.example.org/secret-path/v1/embeddings",
            "embed.endpoint.key", "hunter2",
            "embed.endpoint.model", "Embed Me",
            "embed.endpoint.dimensions", "256");

    private final List<LedgerEntry> told = new ArrayList<>();
    private Database database;
    private Registry registry;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        registry = new Registry(
                database.sql(), Clock.systemUTC(), new Registrations(new LedgerEntries(new byte[32]), told::add));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void nothingServedElsewhereIsOnlyTheTokeniser() {
        start(Map.of());
        assertThat(registry.list(each -> true)).singleElement().satisfies(only -> {
            assertThat(only.kind()).isEqualTo(ArtifactKind.TOKENISER);
            assertThat(only.id()).isEqualTo("tokeniser/" + TOKENIZER.value());
        });
    }

    @Test
    void modelsServedElsewhereAreRegisteredByHostAndNameAndNoSecret() {
        start(ELSEWHERE);
        assertThat(only(ArtifactKind.GENERATOR).id()).startsWith("served-elsewhere/talker/");
        Artifact reranker = only(ArtifactKind.RERANKER);
        assertThat(reranker.id()).matches("served-elsewhere/talker/[0-9a-f]{16}");
        assertThat(reranker.description())
                .containsEntry("host", "llm.example.org")
                .containsEntry("model", "talker");
        assertThat(registry.find(reranker.digest(), each -> true)).isEqualTo(reranker);
        assertThat(only(ArtifactKind.EMBEDDER).description())
                .containsEntry("model", "Embed Me")
                .containsEntry("dimensions", "256");
        assertThat(registry.list(each -> true).toString()).doesNotContain("hunter2", "secret-path");
        assertThat(told)
                .extracting(entry -> entry.facts().get("kind"))
                .containsExactlyInAnyOrder("TOKENISER", "GENERATOR", "RERANKER", "EMBEDDER");
        assertThat(told.toString()).doesNotContain("hunter2", "secret-path", "llm.example.org");
    }

    @Test
    void embedderHasTheIdThatGenerationsAndReceiptsName() {
        start(ELSEWHERE);
        try (HttpEmbedder embedder = new HttpEmbedder(
                HttpEmbedderSettings.of(URI.create(ELSEWHERE.get("embed.endpoint")), "Embed Me", 256, 512, null))) {
            assertThat(only(ArtifactKind.EMBEDDER).id())
                    .isEqualTo(embedder.model().value());
        }
    }

    @Test
    void nextStartsChangeNothingAndAnotherHostIsAnotherModel() {
        start(ELSEWHERE);
        List<Artifact> first = registry.list(each -> true);
        start(ELSEWHERE);
        assertThat(registry.list(each -> true)).isEqualTo(first);

        start(with("search.rerank.endpoint", "https://other.example.org/rerank"));
        start(with("embed.endpoint", "https://other.example.org/v1/embeddings"));
        start(with("embed.endpoint.max.tokens", "4096"));
        assertThat(registry.list(each -> true).stream().filter(each -> !first.contains(each)))
                .extracting(Artifact::kind)
                .containsExactlyInAnyOrder(ArtifactKind.RERANKER, ArtifactKind.EMBEDDER);
    }

    private void start(Map<String, String> given) {
        SettingSources sources = new SettingSources();
        given.forEach(sources::set);
        Settings settings = sources.load();
        new RegisteredSettings(registry).register(settings, TOKENIZER);
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> other = new HashMap<>(ELSEWHERE);
        other.put(key, value);
        return other;
    }

    private Artifact only(ArtifactKind kind) {
        List<Artifact> found = registry.list(kind::equals, each -> true);
        assertThat(found).as(kind.name()).hasSize(1);
        return found.getFirst();
    }
}
