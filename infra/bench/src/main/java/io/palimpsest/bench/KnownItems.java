package io.palimpsest.bench;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.standalone.TemporaryDirectory;
import io.palimpsest.testkit.history.DocumentHistory;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finding a long document by its title, from its body alone: the last versions of Rust RFCs and Kubernetes enhancement
 * proposals, the title line taken out. An RFC's title is its file name, a proposal's its first heading.
 */
final class KnownItems {
    private static final int SHORTEST = 8_000;
    private static final int LONGEST = 40_000;
    private static final int EACH = 60;
    private static final Pattern RFC = Pattern.compile("text/\\d{4}-([a-z0-9-]+)\\.md");
    private static final Pattern PROPOSAL = Pattern.compile("\\A\\s*# KEP-\\d+: (.+)\\R");

    private KnownItems() {}

    static TestCollection read(Path data) throws IOException, InterruptedException {
        List<TestCollection.Document> documents = new ArrayList<>();
        Map<String, String> queries = new LinkedHashMap<>();
        for (String history : List.of("rust-rfcs", "k8s-keps")) {
            Map<String, String> live = lastVersions(data.resolve(history));
            live.keySet().stream()
                    .sorted(Comparator.comparing(ContentHash::ofText))
                    .filter(path ->
                            isLong(live.getOrDefault(path, "")) && title(path, live.getOrDefault(path, "")) != null)
                    .limit(EACH)
                    .forEach(path -> {
                        String content = live.getOrDefault(path, "");
                        queries.put(path, String.valueOf(title(path, content)));
                        documents.add(new TestCollection.Document(
                                path, "", PROPOSAL.matcher(content).replaceFirst("")));
                    });
        }
        Map<String, Map<String, Integer>> qrels = new LinkedHashMap<>();
        queries.keySet().forEach(path -> qrels.put(path, Map.of(path, 1)));
        return new TestCollection("known-items", documents, new HashMap<>(queries), qrels);
    }

    private static Map<String, String> lastVersions(Path folder) throws IOException, InterruptedException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (TemporaryDirectory work = TemporaryDirectory.create("history");
                DocumentHistory history = DocumentHistory.open(folder, work.path())) {
            history.finalTree()
                    .forEach(
                            (path, blob) -> texts.put(path, new String(history.content(blob), StandardCharsets.UTF_8)));
        }
        return texts;
    }

    private static boolean isLong(String content) {
        return content.length() >= SHORTEST && content.length() <= LONGEST;
    }

    private static @Nullable String title(String path, String content) {
        Matcher rfc = RFC.matcher(path);
        if (rfc.matches()) {
            return rfc.group(1).replace('-', ' ');
        }
        Matcher proposal = PROPOSAL.matcher(content);
        return proposal.find() ? proposal.group(1) : null;
    }
}
