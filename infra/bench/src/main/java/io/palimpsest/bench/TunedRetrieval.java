package io.palimpsest.bench;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.search.SearchMode;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.evaluate.Measures;
import io.palimpsest.retrain.evaluate.PairedBootstrap;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** nDCG@10 of the vector leg and of the fused result, by slice, with our passages and our search; each corpus is embedded once. */
final class TunedRetrieval {
    static final List<SearchMode> LEGS = List.of(SearchMode.VECTOR, SearchMode.HYBRID);
    private static final int K = 10;

    private final Map<String, TestCollection> slices;
    private final int documents;
    private final PassageCutter cutter;

    /** @param documents at most as many of each collection, the judged ones first */
    TunedRetrieval(Map<String, TestCollection> slices, int documents, EmbedderTokenizer tokenizer) {
        this.slices = slices;
        this.documents = documents;
        this.cutter = new PassageCutter(PassagePolicy.standard(), tokenizer::count);
    }

    /** Scores by query, by slice and leg. */
    record Scores(Map<String, double[]> bySliceAndLeg) {
        static String key(String slice, SearchMode leg) {
            return slice + ", " + leg;
        }

        double[] of(String slice, SearchMode leg) {
            return bySliceAndLeg.getOrDefault(key(slice, leg), new double[0]);
        }
    }

    /**
     * @param passages embeds the corpus
     * @param queries embed the queries, by name; the same corpus serves them all
     */
    Map<String, Scores> measure(Embedder passages, Map<String, Embedder> queries) throws IOException {
        Map<String, Scores> scores = new LinkedHashMap<>();
        queries.keySet().forEach(name -> scores.put(name, new Scores(new LinkedHashMap<>())));
        String open = "";
        QuerySwitch embedder = new QuerySwitch(passages);
        CutCorpus corpus = null;
        try {
            for (Map.Entry<String, TestCollection> slice : slices.entrySet()) {
                TestCollection collection = slice.getValue();
                if (corpus == null || !collection.name().equals(open)) {
                    if (corpus != null) {
                        corpus.close();
                    }
                    corpus = corpus(collection, passages, embedder);
                    open = collection.name();
                }
                for (Map.Entry<String, Embedder> each : queries.entrySet()) {
                    embedder.use(each.getValue());
                    Scores own = scores.getOrDefault(each.getKey(), new Scores(new LinkedHashMap<>()));
                    for (SearchMode leg : LEGS) {
                        own.bySliceAndLeg().put(Scores.key(slice.getKey(), leg), search(collection, corpus, leg));
                    }
                }
            }
        } finally {
            if (corpus != null) {
                corpus.close();
            }
        }
        return scores;
    }

    private CutCorpus corpus(TestCollection collection, Embedder passages, Embedder queries) throws IOException {
        CutCorpus corpus = new CutCorpus(BenchServer.emptyDirectory(), queries, passages::embed);
        for (TestCollection.Document document : collection.sample(documents).documents()) {
            ExtractedDocument read = MarkdownBlocks.read("# " + document.title() + "\n\n" + document.text() + "\n");
            corpus.add(document.id(), read, cutter.cut(read));
        }
        return corpus;
    }

    private static double[] search(TestCollection collection, CutCorpus corpus, SearchMode leg) {
        return collection.qrels().entrySet().stream()
                .mapToDouble(judged -> Measures.ndcgAtK(
                        corpus.search(collection.queries().getOrDefault(judged.getKey(), ""), K, leg),
                        judged.getValue(),
                        K))
                .toArray();
    }

    /** A row for each slice and leg: base, tuned, and the difference with its 95 % interval. */
    static void report(Report report, String bench, Map<String, TestCollection> slices, Scores base, Scores tuned) {
        for (String slice : slices.keySet()) {
            for (SearchMode leg : LEGS) {
                PairedBootstrap gain = PairedBootstrap.of(tuned.of(slice, leg), base.of(slice, leg));
                report.row(
                        bench,
                        Map.of(
                                "slice", slice,
                                "leg", leg.name().toLowerCase(java.util.Locale.ROOT),
                                "queries", base.of(slice, leg).length,
                                "baseNdcgAt10", PairedBootstrap.mean(base.of(slice, leg)),
                                "tunedNdcgAt10", PairedBootstrap.mean(tuned.of(slice, leg)),
                                "gain", gain.mean(),
                                "gainFrom", gain.low(),
                                "gainTo", gain.high()));
            }
        }
    }
}
