package io.palimpsest.bench;

import io.palimpsest.retrain.tune.JudgedPair;
import io.palimpsest.standalone.demo.SpokenQuestions;
import io.palimpsest.testkit.ir.TestCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * SciFact's training claims as a training set, and what is measured on: test claims, also those alone none of whose documents was
 * trained on, and Cranfield, which nothing was trained on.
 *
 * @param validation of documents that are not in train: what stops a training early
 * @param measured by the name of the slice
 */
record TrainingClaims(List<JudgedPair> train, List<JudgedPair> validation, Map<String, TestCollection> measured) {
    /** One document in ten; arbitrary. */
    private static final int VALIDATION_EVERY = 10;

    static TrainingClaims read(Path data) throws IOException {
        return read(data, TestCollection.scifactTraining(data.resolve("scifact")));
    }

    /** The claims as people say them to an assistant: a kind of question that the base model has not learnt. */
    static TrainingClaims spoken(Path data) throws IOException {
        TestCollection claims = TestCollection.scifactTraining(data.resolve("scifact"));
        TrainingClaims read = read(data, spoken(claims));
        Map<String, TestCollection> measured = new LinkedHashMap<>();
        read.measured().forEach((name, collection) -> {
            if (name.startsWith("scifact")) {
                measured.put(name + ", spoken", spoken(collection));
            }
            measured.put(name, collection);
        });
        return new TrainingClaims(read.train(), read.validation(), measured);
    }

    private static TestCollection spoken(TestCollection claims) {
        Map<String, String> queries = new HashMap<>();
        claims.queries().forEach((id, text) -> queries.put(id, SpokenQuestions.of(text)));
        return new TestCollection(claims.name(), claims.documents(), queries, claims.qrels());
    }

    private static TrainingClaims read(Path data, TestCollection claims) throws IOException {
        TestCollection test = TestCollection.scifact(data.resolve("scifact"));
        Map<String, TestCollection.Document> documents = new HashMap<>();
        claims.documents().forEach(document -> documents.put(document.id(), document));
        List<JudgedPair> train = new ArrayList<>();
        List<JudgedPair> validation = new ArrayList<>();
        for (Map.Entry<String, Map<String, Integer>> judged : claims.qrels().entrySet()) {
            List<JudgedPair> pairs = pairs(judged, claims.queries().getOrDefault(judged.getKey(), ""), documents);
            long held =
                    pairs.stream().filter(pair -> isHeldOut(pair.passageId())).count();
            if (held == 0) {
                train.addAll(pairs);
            } else if (held == pairs.size()) {
                validation.addAll(pairs);
            } // a claim with documents on both sides would leak
        }
        Set<String> trained = new HashSet<>();
        train.forEach(pair -> trained.add(pair.passageId()));
        Map<String, TestCollection> measured = new LinkedHashMap<>();
        measured.put("scifact test", test);
        measured.put("scifact test, unseen documents", withoutDocuments(test, trained));
        measured.put("cranfield", TestCollection.cranfield(data.resolve("cranfield")));
        return new TrainingClaims(train, validation, measured);
    }

    private static boolean isHeldOut(String document) {
        return Math.floorMod(document.hashCode(), VALIDATION_EVERY) == 0;
    }

    private static List<JudgedPair> pairs(
            Map.Entry<String, Map<String, Integer>> judged,
            String claim,
            Map<String, TestCollection.Document> documents) {
        List<JudgedPair> pairs = new ArrayList<>();
        judged.getValue().keySet().stream().sorted().forEach(id -> {
            TestCollection.Document document = documents.get(id);
            if (document != null) {
                String text = document.title() + "\n" + document.text();
                pairs.add(new JudgedPair(judged.getKey(), claim, id, id, text, 1));
            }
        });
        return pairs;
    }

    private static TestCollection withoutDocuments(TestCollection test, Set<String> documents) {
        Map<String, Map<String, Integer>> kept = new LinkedHashMap<>();
        test.qrels().forEach((query, gains) -> {
            if (gains.keySet().stream().noneMatch(documents::contains)) {
                kept.put(query, gains);
            }
        });
        return new TestCollection(test.name(), test.documents(), test.queries(), kept);
    }
}
