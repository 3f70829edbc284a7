package io.palimpsest.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.fetch.FetchOutcome.FetchFailed;
import io.palimpsest.ingest.fetch.FetchOutcome.Fetched;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReferenceTest {
    @TempDir
    Path dir = Path.of("");

    private Path root = Path.of("");
    private Path into = Path.of("");

    @BeforeEach
    void folders() throws IOException {
        root = Files.createDirectories(dir.resolve("root/deep folder"));
        root = dir.resolve("root");
        into = dir.resolve("fetched");
        Files.writeString(dir.resolve("secret.txt"), "secret");
    }

    @Test
    void fileUnderAnAllowedRootIsCopiedAndHashed() throws IOException {
        Path file = Files.writeString(root.resolve("deep folder/a b.txt"), "hello");
        Fetched fetched = (Fetched) fetch(file.toUri(), 100);
        assertThat(fetched.bytes()).isEqualTo(5);
        assertThat(fetched.hash()).isEqualTo(ContentHash.ofText("hello"));
        assertThat(into).hasContent("hello");
    }

    @Test
    void fileOutsideTheRootsIsNotAllowed() {
        assertThat(codeOf(dir.resolve("secret.txt").toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf(URI.create("file://" + root + "/../secret.txt"))).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf(URI.create("file://" + root + "/%2e%2e/secret.txt")))
                .isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf(URI.create("file://elsewhere/share/secret.txt"))).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(into).doesNotExist();
    }

    @Test
    void folderWhoseNameOnlyStartsLikeARootIsNotAllowed() throws IOException {
        Path sibling = Files.createDirectories(dir.resolve("root-of-others"));
        Path file = Files.writeString(sibling.resolve("x.txt"), "x");
        assertThat(codeOf(file.toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    @Test
    void linkThatLeadsOutOfTheRootIsNotAllowed() throws IOException {
        Files.createSymbolicLink(root.resolve("link.txt"), dir.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), dir);
        assertThat(codeOf(root.resolve("link.txt").toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf(root.resolve("up/secret.txt").toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    @Test
    void linkWithinTheRootIsFollowed() throws IOException {
        Files.writeString(root.resolve("a.txt"), "a");
        Files.createSymbolicLink(root.resolve("b.txt"), root.resolve("a.txt"));
        assertThat(fetch(root.resolve("b.txt").toUri(), 100)).isInstanceOf(Fetched.class);
    }

    @Test
    void rootMayBeALinkItself() throws IOException {
        Files.writeString(root.resolve("a.txt"), "a");
        Path link = Files.createSymbolicLink(dir.resolve("root-link"), root);
        try (Fetcher fetcher = new Fetcher(policy(link, 100))) {
            assertThat(fetcher.fetch(link.resolve("a.txt").toUri(), null, into)).isInstanceOf(Fetched.class);
        }
    }

    @Test
    void folderAndPipeAreNotRegularFiles() throws IOException, InterruptedException {
        assertThat(codeOf(root.resolve("deep folder").toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        int made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                .start()
                .waitFor();
        Assumptions.assumeTrue(made == 0, "mkfifo is not there");
        assertThat(codeOf(root.resolve("pipe").toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    @Test
    void missingFileIsNotFound() {
        assertThat(codeOf(root.resolve("none.txt").toUri())).isEqualTo(ErrorCode.REFERENCE_NOT_FOUND);
    }

    @Test
    void fileOverTheLimitIsTooLarge() throws IOException {
        Path file = Files.writeString(root.resolve("big.txt"), "x".repeat(101));
        assertThat(((FetchFailed) fetch(file.toUri(), 100)).code()).isEqualTo(ErrorCode.FETCH_TOO_LARGE);
    }

    @Test
    void otherSchemesAreNotAllowed() {
        assertThat(codeOf(URI.create("ftp://example.org/x"))).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf(URI.create("jar:file:/x.jar!/y"))).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
        assertThat(codeOf(URI.create("relative/path"))).isEqualTo(ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    private ErrorCode codeOf(URI reference) {
        return ((FetchFailed) fetch(reference, 100)).code();
    }

    private FetchOutcome fetch(URI reference, long maxBytes) {
        try (Fetcher fetcher = new Fetcher(policy(root, maxBytes))) {
            return fetcher.fetch(reference, null, into);
        }
    }

    private static FetchPolicy policy(Path root, long maxBytes) {
        return new FetchPolicy(
                List.of(root),
                Set.of(),
                false,
                maxBytes,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                3,
                Optional.empty());
    }
}
