package io.palimpsest.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.standalone.TemporaryDirectory;
import io.palimpsest.testkit.history.DocumentHistory;
import io.palimpsest.testkit.history.HistoryEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much is embedded anew when documents change, over two recorded histories: our cutter beside packed paragraphs and
 * fixed windows. What changed is counted twice: by block (a list item, a row, a heading) and by paragraph (what blank
 * lines separate: a whole list, a whole table). Also over the half of the documents that no choice was made on.
 */
final class PassageWasteBench {
    private static final List<String> HISTORIES = List.of("rust-rfcs", "k8s-keps");
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    private PassageWasteBench() {}

    static void run(Path data, @Nullable Path json) throws IOException, InterruptedException {
        List<WasteTally.Result> results = new ArrayList<>();
        try (HuggingFaceTokenizer tokenizer = tokenizer()) {
            for (String name : HISTORIES) {
                try (TemporaryDirectory work = TemporaryDirectory.create("history");
                        DocumentHistory history = DocumentHistory.open(data.resolve(name), work.path())) {
                    results.addAll(measure(name, history, tokenizer));
                }
            }
        }
        if (json != null) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.write(json, mapper.writeValueAsBytes(results));
        }
    }

    private static List<WasteTally.Result> measure(
            String name, DocumentHistory history, HuggingFaceTokenizer tokenizer) {
        Map<String, Integer> counted = new HashMap<>();
        ToIntFunction<String> count = text -> counted.computeIfAbsent(
                text, t -> tokenizer.encode(t, false, false).getIds().length);
        PassageCutter cutter = new PassageCutter(PassagePolicy.standard(), count);
        Map<String, Function<ExtractedDocument, List<Cut>>> cutters = new LinkedHashMap<>();
        cutters.put("palimpsest", document -> ours(cutter, document));
        cutters.put("packed paragraphs, 1000", document -> RivalCutters.packedParagraphs(document, 1000));
        cutters.put("fixed windows, 1000", document -> RivalCutters.fixedWindows(document, 1000));

        List<HistoryEvent> held = heldOut(history.events());
        Map<String, ExtractedDocument> read = new HashMap<>();
        for (HistoryEvent event : history.events()) {
            Stream.of(event.oldBlob(), event.blob())
                    .filter(Objects::nonNull)
                    .forEach(blob -> read.computeIfAbsent(
                            blob, b -> MarkdownBlocks.read(new String(history.content(b), StandardCharsets.UTF_8))));
        }
        List<WasteTally.Result> results = new ArrayList<>();
        cutters.forEach((label, cut) -> {
            results.add(
                    replay(history.events(), read, cut, document -> document).result(name + ", blocks", label));
            print(results.getLast());
            results.add(replay(history.events(), read, cut, PassageWasteBench::paragraphs)
                    .result(name + ", paragraphs", label));
            print(results.getLast());
            results.add(replay(held, read, cut, PassageWasteBench::paragraphs)
                    .result(name + ", paragraphs, held-out half", label));
            print(results.getLast());
        });
        return results;
    }

    /**
     * The events of about half of the documents, by the hash of the path that a document began with: those on which no
     * choice about cutting was made.
     */
    private static List<HistoryEvent> heldOut(List<HistoryEvent> events) {
        Map<String, String> firstPaths = new HashMap<>();
        List<HistoryEvent> half = new ArrayList<>();
        for (HistoryEvent event : events) {
            String known = event.oldPath() == null ? event.path() : event.oldPath();
            String first = firstPaths.getOrDefault(known, known);
            firstPaths.put(event.path(), first);
            if ((hash(first) >>> 7 & 1) == 1) {
                half.add(event);
            }
        }
        return half;
    }

    private static long hash(String path) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        return hash * 31 + path.length();
    }

    private static WasteTally replay(
            List<HistoryEvent> events,
            Map<String, ExtractedDocument> read,
            Function<ExtractedDocument, List<Cut>> cut,
            UnaryOperator<ExtractedDocument> units) {
        Map<String, CutVersion> versions = new HashMap<>();
        read.forEach((blob, document) -> versions.put(blob, CutVersion.of(units.apply(document), cut.apply(document))));
        WasteTally tally = new WasteTally();
        for (HistoryEvent event : events) {
            CutVersion before = event.oldBlob() == null ? null : versions.get(event.oldBlob());
            CutVersion after = event.blob() == null ? null : versions.get(event.blob());
            if (before != null && after != null && event.changesContent()) {
                tally.change(before, after);
            } else if (after != null) {
                tally.first(after);
            }
        }
        return tally;
    }

    /** The same text with what no blank line separates as one block: the items of a list, the rows of a table. */
    private static ExtractedDocument paragraphs(ExtractedDocument document) {
        List<Block> merged = new ArrayList<>();
        for (Block block : document.blocks()) {
            boolean joins =
                    !merged.isEmpty() && block.start() - merged.getLast().end() == 1;
            int start = joins ? merged.removeLast().start() : block.start();
            merged.add(new Block(block.kind(), start, block.end(), block.level(), block.page()));
        }
        return new ExtractedDocument(
                document.title(), document.mediaType(), document.text(), merged, document.metadata());
    }

    private static List<Cut> ours(PassageCutter cutter, ExtractedDocument document) {
        return cutter.cut(document).passages().stream()
                .map(passage -> new Cut(passage.start(), passage.end(), passage.embeddedTextIn(document)))
                .toList();
    }

    private static HuggingFaceTokenizer tokenizer() throws IOException {
        try (InputStream in = PassageWasteBench.class.getResourceAsStream(TOKENIZER)) {
            if (in == null) {
                throw new IOException("no " + TOKENIZER + " on the class path");
            }
            // The file asks for truncation and padding at 128 tokens: lengths would be wrong.
            return HuggingFaceTokenizer.newInstance(in, Map.of("truncation", "false", "padding", "false"));
        }
    }

    private static void print(WasteTally.Result result) {
        System.out.printf(
                Locale.ROOT,
                "%-36s %-24s events %d  passages %d  mean %.0f chars  embedded %d (never seen %d)  holding a changed"
                        + " paragraph %d  waste %.3f (deletions unavoidable too: %.3f)  new %.1f %% (mean of events %.1f %%)"
                        + "  wasted %s%n",
                result.history(),
                result.cutter(),
                result.events(),
                result.passages(),
                result.meanCharacters(),
                result.embedded(),
                result.embeddedNeverSeen(),
                result.withChangedParagraph(),
                result.waste(),
                result.wasteBesideDeletions(),
                result.newShare(),
                result.newShareByEvent(),
                result.wasted());
    }
}
