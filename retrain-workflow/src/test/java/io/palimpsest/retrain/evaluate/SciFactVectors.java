package io.palimpsest.retrain.evaluate;

import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.TestModels;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.encoder.OnnxEncoder;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;

/**
 * SciFact with the vectors of MiniLM: every judged document and some others, every judged query. Embedded once, then read from
 * the build directory.
 */
record SciFactVectors(
        TestCollection train,
        TestCollection test,
        Map<String, String> texts,
        Map<String, float[]> documents,
        Map<String, float[]> queries) {
    private static final int OTHERS = 500;
    private static final Path TARGET = Path.of("target");

    static SciFactVectors load() throws IOException {
        Path data = data();
        TestCollection train = TestCollection.scifactTraining(data);
        TestCollection test = TestCollection.scifact(data);
        TreeSet<String> judged = new TreeSet<>();
        train.qrels().values().forEach(gains -> judged.addAll(gains.keySet()));
        test.qrels().values().forEach(gains -> judged.addAll(gains.keySet()));
        Map<String, String> texts = new LinkedHashMap<>();
        int others = 0;
        for (TestCollection.Document document : train.documents()) {
            boolean wanted = judged.contains(document.id());
            if (wanted || others++ < OTHERS) {
                texts.put(document.id(), document.title() + "\n" + document.text());
            }
        }
        Map<String, String> asked = new LinkedHashMap<>();
        train.qrels().keySet().forEach(id -> asked.put(id, train.queries().getOrDefault(id, "")));
        test.qrels().keySet().forEach(id -> asked.put(id, test.queries().getOrDefault(id, "")));
        Map<String, String> all = new LinkedHashMap<>();
        texts.forEach((id, text) -> all.put("d" + id, text));
        asked.forEach((id, text) -> all.put("q" + id, text));
        Map<String, float[]> vectors = vectors(all, TARGET.resolve("scifact-" + OTHERS + ".vectors"));
        Map<String, float[]> documents = new LinkedHashMap<>();
        texts.keySet().forEach(id -> documents.put(id, VectorWorld.vector(vectors, "d" + id)));
        Map<String, float[]> queries = new LinkedHashMap<>();
        asked.forEach((id, text) -> queries.put(text, VectorWorld.vector(vectors, "q" + id)));
        return new SciFactVectors(train, test, texts, documents, queries);
    }

    /** Of another field: the first queries of Cranfield with what is relevant to them, ids beginning with {@code cranfield-}. */
    static SciFactVectors cranfield(int count) throws IOException {
        TestCollection all = TestCollection.cranfield(data().resolveSibling("cranfield"));
        TestCollection few = all.firstQueries(count);
        TreeSet<String> judged = new TreeSet<>();
        few.qrels().values().forEach(gains -> judged.addAll(gains.keySet()));
        Map<String, String> texts = new LinkedHashMap<>();
        for (TestCollection.Document document : all.documents()) {
            if (judged.contains(document.id()) && !document.text().isBlank()) {
                texts.put("cranfield-" + document.id(), document.title() + "\n" + document.text());
            }
        }
        Map<String, String> everything = new LinkedHashMap<>(texts);
        few.qrels()
                .keySet()
                .forEach(id -> everything.put("q" + id, few.queries().getOrDefault(id, "")));
        Map<String, float[]> vectors = vectors(everything, TARGET.resolve("cranfield-" + count + ".vectors"));
        Map<String, float[]> documents = new LinkedHashMap<>();
        texts.keySet().forEach(id -> documents.put(id, VectorWorld.vector(vectors, id)));
        Map<String, float[]> queries = new LinkedHashMap<>();
        few.qrels()
                .keySet()
                .forEach(id -> queries.put(few.queries().getOrDefault(id, ""), VectorWorld.vector(vectors, "q" + id)));
        return new SciFactVectors(few, few, texts, documents, queries);
    }

    static Path data() {
        Path data = Path.of(System.getProperty("palimpsest.root", "."), "..", "shared", "data", "scifact");
        Assumptions.assumeTrue(Files.isDirectory(data), "SciFact is not at ../shared/data/scifact");
        return data;
    }

    /** Embeds the texts, unless the file has them from before. */
    private static Map<String, float[]> vectors(Map<String, String> texts, Path cache) throws IOException {
        if (!Files.exists(cache)) {
            EncoderFiles model = TestModels.miniLm();
            try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(TestModels.natives());
                    OnnxEncoder encoder = new OnnxEncoder(Objects.requireNonNull(model.int8()), 1)) {
                List<float[]> vectors = texts.values().parallelStream()
                        .map(text -> encoder.embed(
                                tokenizer.encode(text, model.maxTokens()).ids()))
                        .toList();
                write(cache, List.copyOf(texts.keySet()), vectors);
            }
        }
        Map<String, float[]> vectors = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(cache)))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String key = in.readUTF();
                float[] vector = new float[in.readInt()];
                for (int j = 0; j < vector.length; j++) {
                    vector[j] = in.readFloat();
                }
                vectors.put(key, vector);
            }
        }
        return vectors;
    }

    private static void write(Path cache, List<String> keys, List<float[]> vectors) throws IOException {
        Path partial = cache.resolveSibling(cache.getFileName() + ".part");
        try (DataOutputStream out =
                new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(partial)))) {
            out.writeInt(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                out.writeUTF(keys.get(i));
                out.writeInt(vectors.get(i).length);
                for (float value : vectors.get(i)) {
                    out.writeFloat(value);
                }
            }
        }
        Files.move(partial, cache);
    }
}
