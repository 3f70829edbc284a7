package io.palimpsest.bench;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.evaluate.Measures;
import io.palimpsest.retrain.evaluate.PairedBootstrap;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hybrid nDCG@10 with our passages beside packed paragraphs, everything else the same: on SciFact and Cranfield, and on
 * {@link KnownItems}, whose documents are long. Differences with 95 % intervals of the paired bootstrap over queries.
 */
final class PassageRetrievalBench {
    private static final int K = 10;
    private static final int PACKED_CHARACTERS = 1000;

    private final Report report;
    private final Map<String, float[]> vectors = new HashMap<>();

    PassageRetrievalBench(Report report) {
        this.report = report;
    }

    /**
     * @param only this collection; null: all
     * @param documents at most as many of each collection; those that queries want come first
     */
    void run(Path data, @Nullable String only, int documents) throws IOException, InterruptedException {
        Path models = BenchServer.emptyDirectory();
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(models.resolve("natives"));
                OnnxEmbedder embedder = new OnnxEmbedder(OnnxModel.miniLm(Precision.FP32, models), tokenizer)) {
            PassageCutter cutter = new PassageCutter(PassagePolicy.standard(), tokenizer::count);
            Map<String, Function<ExtractedDocument, PassageManifest>> cutters = new LinkedHashMap<>();
            cutters.put("palimpsest", cutter::cut);
            cutters.put("packed paragraphs", d -> RivalCutters.manifest(d, PACKED_CHARACTERS, false, tokenizer::count));
            cutters.put(
                    "packed paragraphs, titled",
                    d -> RivalCutters.manifest(d, PACKED_CHARACTERS, true, tokenizer::count));
            List<TestCollection> collections = List.of(
                    TestCollection.cranfield(data.resolve("cranfield")),
                    KnownItems.read(data),
                    TestCollection.scifact(data.resolve("scifact")));
            for (TestCollection collection : collections) {
                if (only == null || only.equals(collection.name())) {
                    compare(collection.sample(documents), cutters, embedder);
                }
            }
        }
    }

    private void compare(
            TestCollection collection,
            Map<String, Function<ExtractedDocument, PassageManifest>> cutters,
            OnnxEmbedder embedder)
            throws IOException {
        double[] ours = new double[0];
        for (Map.Entry<String, Function<ExtractedDocument, PassageManifest>> cutter : cutters.entrySet()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("collection", collection.name());
            row.put("cutter", cutter.getKey());
            double[] scores = scores(collection, cutter.getValue(), embedder, row);
            row.put("queries", scores.length);
            row.put("ndcgAt10", PairedBootstrap.mean(scores));
            if (ours.length == 0) {
                ours = scores;
            } else {
                PairedBootstrap difference = PairedBootstrap.of(ours, scores);
                row.put("oursMinusThis", difference.mean());
                row.put("from", difference.low());
                row.put("to", difference.high());
            }
            report.row("passages", row);
        }
    }

    private double[] scores(
            TestCollection collection,
            Function<ExtractedDocument, PassageManifest> cutter,
            OnnxEmbedder embedder,
            Map<String, Object> row)
            throws IOException {
        try (CutCorpus corpus =
                new CutCorpus(BenchServer.emptyDirectory(), embedder, texts -> vectors(embedder, texts))) {
            long passages = 0;
            long characters = 0;
            int whole = 0;
            for (TestCollection.Document document : collection.documents()) {
                ExtractedDocument read = MarkdownBlocks.read("# " + document.title() + "\n\n" + document.text() + "\n");
                PassageManifest manifest = cutter.apply(read);
                corpus.add(document.id(), read, manifest);
                passages += manifest.passages().size();
                characters += manifest.passages().stream()
                        .mapToLong(p -> p.end() - p.start())
                        .sum();
                whole += manifest.passages().size() <= 1 ? 1 : 0;
            }
            row.put("documents", collection.documents().size());
            row.put("passages", passages);
            row.put("meanCharacters", (double) characters / passages);
            row.put("wholeDocuments", (double) whole / collection.documents().size());
            return collection.qrels().entrySet().stream()
                    .mapToDouble(judged -> Measures.ndcgAtK(
                            corpus.search(collection.queries().getOrDefault(judged.getKey(), ""), K),
                            judged.getValue(),
                            K))
                    .toArray();
        }
    }

    /** The same text is embedded once, whichever cutter made it; white space is nothing to the tokenizer. */
    private List<float[]> vectors(OnnxEmbedder embedder, List<String> texts) {
        List<String> normal =
                texts.stream().map(text -> text.strip().replaceAll("\\s+", " ")).toList();
        List<String> missing = new ArrayList<>(normal.stream()
                .distinct()
                .filter(text -> !vectors.containsKey(text))
                .toList());
        List<float[]> embedded = missing.isEmpty() ? List.of() : embedder.embed(missing);
        for (int i = 0; i < missing.size(); i++) {
            vectors.put(missing.get(i), embedded.get(i));
        }
        return normal.stream().map(vectors::get).toList();
    }
}
