package io.palimpsest.retrain.snapshot;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of a split whatever the labels are: many documents to a query, many queries to a document, any grades and times. */
final class SnapshotSplitTest {
    private static final SnapshotPlan PLAN = new SnapshotPlan(3, 0.3, 0.2, 0.1, 2);
    private static final List<String> TESTED =
            List.of(SnapshotManifest.UNSEEN, SnapshotManifest.LATER, SnapshotManifest.GENERAL);

    @Property(tries = 100)
    void nothingLeaksAndNothingIsLostUncounted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count) {
        List<SnapshotSplit.Labelled> labels = labels(new Random(seed), count);
        SnapshotSplit.Split split = SnapshotSplit.of(labels, PLAN);

        Set<String> trained = documents(split, SnapshotManifest.TRAIN);
        Set<String> decided = documents(split, SnapshotManifest.VALIDATION);
        Set<String> trainedQueries = queries(split, SnapshotManifest.TRAIN);
        Set<String> unseen = documents(split, SnapshotManifest.UNSEEN);
        assertThat(Collections.disjoint(decided, trained)).isTrue();
        assertThat(Collections.disjoint(unseen, trained)).isTrue();
        assertThat(Collections.disjoint(unseen, decided)).isTrue();
        for (String name : TESTED) {
            assertThat(Collections.disjoint(queries(split, name), trainedQueries))
                    .isTrue();
        }
        int kept = split.slices().values().stream().mapToInt(List::size).sum();
        int removed =
                split.removed().values().stream().mapToInt(Integer::intValue).sum();
        assertThat(kept + removed).isEqualTo(labels.size());
        assertThat(split.slices().values().stream().flatMap(List::stream))
                .isSubsetOf(labels.stream().map(SnapshotSplit.Labelled::line).toList());
    }

    @Property(tries = 50)
    void theOrderOfLabelsDoesNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count) {
        List<SnapshotSplit.Labelled> labels = labels(new Random(seed), count);
        List<SnapshotSplit.Labelled> shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, new Random(seed + 1));

        assertThat(SnapshotSplit.of(shuffled, PLAN)).isEqualTo(SnapshotSplit.of(labels, PLAN));
    }

    private static List<SnapshotSplit.Labelled> labels(Random random, int count) {
        Map<String, SnapshotSplit.Labelled> labels = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String query = "q" + random.nextInt(40);
            String document = "d" + random.nextInt(40);
            boolean frozen = random.nextInt(10) == 0;
            PassageTexts.Place place = new PassageTexts.Place(
                    DocumentKey.of(DOCS, document), PassageId.of(ContentHash.ofText(document), 0), null, null);
            GradedPassage label = new GradedPassage(
                    query,
                    words(query),
                    Instant.ofEpochSecond(random.nextInt(1_000)),
                    place,
                    1,
                    null,
                    random.nextInt(4),
                    null,
                    frozen);
            labels.put(query + document, new SnapshotSplit.Labelled(label, words(document)));
        }
        return new ArrayList<>(labels.values());
    }

    /** Always the same for the same id, and like no other's. */
    private static String words(String id) {
        return new Random(id.hashCode())
                .ints(12, 0, 1_000_000)
                .mapToObj(number -> Integer.toString(number, 36))
                .collect(Collectors.joining(" "));
    }

    private static Set<String> documents(SnapshotSplit.Split split, String name) {
        Set<String> ids = new HashSet<>();
        split.slices()
                .getOrDefault(name, List.of())
                .forEach(line -> ids.add(line.documentId().value()));
        return ids;
    }

    private static Set<String> queries(SnapshotSplit.Split split, String name) {
        Set<String> ids = new HashSet<>();
        split.slices().getOrDefault(name, List.of()).forEach(line -> ids.add(line.queryId()));
        return ids;
    }
}
