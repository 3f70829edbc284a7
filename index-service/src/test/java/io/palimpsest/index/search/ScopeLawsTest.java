package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws 3, 6 and 7 over random histories, with an index that applies only some of what happens. */
class ScopeLawsTest {
    private static final List<String> USERS = List.of("ann", "bob", "eve");
    private static final List<String> TENANTS = List.of("acme", "rival");
    private static final List<String> COLLECTIONS = List.of("docs", "hr");
    private static final List<String> WORDS =
            List.of("refund", "travel", "leave", "policy", "Größe", "😀 smile", "receipt", "train", "zebra");

    @Property(tries = 150)
    void nothingIsShownThatTheCallerMayNotSeeNow(@ForAll long seed) {
        Random random = new Random(seed);
        Corpus corpus = new Corpus();
        List<DocumentRevised> unapplied = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            change(corpus, random, unapplied);
        }
        for (int i = 0; i < 10; i++) {
            check(corpus, random);
        }
    }

    private static void change(Corpus corpus, Random random, List<DocumentRevised> unapplied) {
        CollectionKey collection = CollectionKey.of(pick(TENANTS, random), pick(COLLECTIONS, random));
        String id = "d" + random.nextInt(6);
        boolean known = corpus.current(DocumentKey.of(collection, id))
                .filter(r -> r.state() == DocumentRevised.State.LIVE)
                .isPresent();
        int what = random.nextInt(4);
        DocumentRevised revised;
        if (!known || what < 2) {
            revised = corpus.revise(collection, id, text(random), access(random));
        } else if (what == 2) {
            revised = corpus.restrict(collection, id, access(random));
        } else {
            revised = corpus.delete(collection, id);
        }
        unapplied.add(revised);
        if (random.nextBoolean()) {
            corpus.index(unapplied.remove(random.nextInt(unapplied.size())));
        }
    }

    private static void check(Corpus corpus, Random random) {
        Caller caller = new Caller(
                CollectionKey.of(pick(TENANTS, random), "docs").tenant(),
                pick(USERS, random),
                Set.of(),
                COLLECTIONS.stream()
                        .filter(c -> random.nextBoolean())
                        .map(c -> CollectionKey.of("acme", c).collection())
                        .collect(Collectors.toSet()),
                Set.of(Role.SEARCH));
        CollectionKey asked = CollectionKey.of(pick(TENANTS, random), pick(COLLECTIONS, random));
        Instant asOf = random.nextInt(3) == 0 ? corpus.now().minusSeconds(random.nextInt(40)) : null;
        SearchRequest request = new SearchRequest(
                pick(WORDS, random),
                1 + random.nextInt(20),
                pick(List.of(SearchMode.values()), random),
                pick(List.of(FusionMethod.values()), random),
                0.6f,
                Map.of(),
                asOf,
                null,
                false,
                true,
                random.nextBoolean());
        List<SearchHit> hits = corpus.search().search(caller, asked, request).hits();
        boolean mayUse = caller.tenant().equals(asked.tenant()) && caller.mayUse(asked.collection());
        if (!mayUse) {
            assertThat(hits).isEmpty();
        }
        for (SearchHit hit : hits) {
            DocumentKey key = new DocumentKey(asked.tenant(), asked.collection(), hit.document());
            DocumentRevised now = corpus.current(key).orElseThrow();
            assertThat(asOf != null || now.state() == DocumentRevised.State.LIVE)
                    .isTrue();
            assertThat(now.access()).anyMatch(caller.principals()::contains);
            assertThat(corpus.texts
                            .document(key, java.util.Objects.requireNonNull(hit.extracted()))
                            .orElseThrow()
                            .text()
                            .substring(hit.start(), hit.end()))
                    .isEqualTo(hit.text());
        }
        assertThat(revisionsByDocument(hits))
                .allSatisfy((document, revisions) -> assertThat(revisions).hasSize(1));
    }

    private static Map<Object, Set<Long>> revisionsByDocument(List<SearchHit> hits) {
        return hits.stream()
                .collect(Collectors.groupingBy(
                        SearchHit::document,
                        Collectors.mapping(SearchHit::revision, Collectors.toCollection(HashSet::new))));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int p = 0; p <= random.nextInt(4); p++) {
            text.append(p == 0 ? "" : "\n\n");
            for (int w = 0; w < 4; w++) {
                text.append(w == 0 ? "" : " ").append(pick(WORDS, random));
            }
        }
        return text.toString();
    }

    private static String[] access(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new String[] {"*"};
            case 1 -> new String[0];
            default -> new String[] {"user:" + pick(USERS, random)};
        };
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
