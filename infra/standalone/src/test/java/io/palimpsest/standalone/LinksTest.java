package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Relative links of the documents for people lead to something. */
final class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#\\s]+)(#[^)]*)?\\)");

    @Test
    void everyRelativeLinkResolves() {
        List<Path> pages = new ArrayList<>(SourceTree.files("infra/docs", ".md"));
        for (String page : List.of("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")) {
            pages.add(SourceTree.ROOT.resolve(page));
        }
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            LINK.matcher(SourceTree.read(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.matches("[a-z][a-z0-9+.-]*:.*"))
                    .filter(link -> !Files.exists(page.resolveSibling(link)))
                    .forEach(link -> broken.add(SourceTree.ROOT.relativize(page) + " -> " + link));
        }
        assertThat(broken).isEmpty();
    }
}
