package io.palimpsest.retrain.judgement;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.retrain.feedback.FeedbackLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The review queues: what people are asked, what they said, what follows from it.
 *
 * <p>Threading: safe. Ordering and idempotency: an item has at most two reviewers and one who settles; the same grade sent again
 * changes nothing; a query's passage is put up for review once. Failure: {@code GRADE_INVALID}, {@code REVIEW_NOT_ASSIGNED},
 * {@code NOT_FOUND}, {@code DATABASE_FAILED}, {@code STORE_FAILED}.
 */
public final class Judgements {
    /** Arbitrary: enough to choose from. */
    private static final int QUERIES_LOOKED_AT = 5_000;

    private static final int MAX_REASON = 500;

    private final JudgementParts parts;
    /** What people say of a search may change whose turn it is; not that much in so long (arbitrary). */
    private static final Duration REFILL = Duration.ofMinutes(5);

    private final ReviewStore store;
    private final FeedbackLog feedback;
    private final Map<CollectionKey, Instant> refilled = new ConcurrentHashMap<>();

    public Judgements(JudgementParts parts) {
        this.parts = parts;
        this.feedback = new FeedbackLog(parts.sql());
        this.store = new ReviewStore(parts.sql(), parts.cipher());
    }

    /**
     * Puts queries of late up for review, the most telling ones, as far as the queue has room, and those that wait into the order of
     * now.
     *
     * @return queries that are new in the queue
     */
    public int refill(CollectionKey collection) {
        Instant now = parts.clock().instant();
        Instant from = now.minus(parts.settings().lookback());
        refilled.put(collection, now);
        List<LoggedQuery> asked = parts.queries().since(collection, from, QUERIES_LOOKED_AT);
        Set<String> known = new HashSet<>(store.queries(collection));
        int room = parts.settings().queueSize() - store.waitingQueries(collection);
        List<ReviewStore.Item> items = new ArrayList<>();
        Set<String> irrelevant = new HashSet<>(store.irrelevantQueries(collection));
        Map<String, Double> priorities = new HashMap<>();
        int added = 0;
        for (ReviewSelection.Chosen chosen : ReviewSelection.choose(
                asked,
                query -> parts.digests().queryKey(collection, query.request().query()),
                feedback.byQuestion(collection, from))) {
            if (known.contains(chosen.queryKey())) {
                priorities.put(chosen.queryKey(), chosen.priority());
                if (irrelevant.contains(
                        chosen.queryKey())) { // whether nothing answers it, the rest of what was shown tells
                    items.addAll(items(collection, chosen, chosen.last().shown().size()));
                }
            } else if (added < room) {
                items.addAll(items(collection, chosen, parts.settings().depth()));
                added++;
            }
        }
        store.order(collection, priorities);
        int unused = keep(items, now);
        return added;
    }

    private List<ReviewStore.Item> items(CollectionKey collection, ReviewSelection.Chosen chosen, int depth) {
        LoggedQuery query = chosen.last();
        GenerationId generation = query.generation();
        ModelId model = query.model();
        List<ReviewStore.Item> items = new ArrayList<>();
        for (ShownHit hit : query.shown()) {
            if (items.size() == depth || generation == null || model == null) {
                break;
            }
            DocumentKey document = new DocumentKey(collection.tenant(), collection.collection(), hit.document());
            items.add(new ReviewStore.Item(
                    itemId(document, hit.passage().value(), chosen.queryKey()),
                    new GradedPassage(
                            chosen.queryKey(),
                            query.request().query(),
                            chosen.firstAsked(),
                            new PassageTexts.Place(document, hit.passage(), hit.extracted(), hit.passages()),
                            hit.revision(),
                            null,
                            -1,
                            null,
                            false),
                    new ReviewStore.Binding(
                            generation.value(), model.value(), chosen.origin().name()),
                    ReviewState.OPEN,
                    chosen.priority()));
        }
        return items;
    }

    private String itemId(DocumentKey document, String passage, String queryKey) {
        return parts.digests().of("item", document.toString(), passage, queryKey);
    }

    /**
     * What the reviewer has, or takes now; the queue is refilled where it has nothing for them. Only documents that the
     * reviewer may see.
     */
    public Optional<ReviewTask> next(Caller reviewer, CollectionKey collection) {
        Instant now = parts.clock().instant();
        String name = pseudonym(reviewer);
        Optional<ReviewTask> held = store.assigned(collection, name, now).flatMap(item -> task(reviewer, item, now));
        if (held.isPresent()) {
            return held;
        }
        if (refilled.getOrDefault(collection, Instant.EPOCH).plus(REFILL).isBefore(now)) {
            refill(collection);
        }
        Optional<ReviewTask> taken = take(reviewer, collection, now);
        return taken.isPresent() || refill(collection) == 0 ? taken : take(reviewer, collection, now);
    }

    private Optional<ReviewTask> take(Caller reviewer, CollectionKey collection, Instant now) {
        Instant dueAt = now.plus(parts.settings().timeout());
        for (ReviewStore.Item item : store.free(collection, pseudonym(reviewer), now)) {
            if (text(reviewer, item, now).isPresent() && store.assign(item.itemId(), pseudonym(reviewer), now, dueAt)) {
                return task(reviewer, item, now);
            }
        }
        return Optional.empty();
    }

    private Optional<ReviewTask> task(Caller reviewer, ReviewStore.Item item, Instant now) {
        Optional<Instant> dueAt = store.dueAt(item.itemId(), pseudonym(reviewer), now);
        return text(reviewer, item, now)
                .flatMap(text -> dueAt.map(due -> new ReviewTask(
                        item.itemId(),
                        item.label().query(),
                        item.label().document().document(),
                        item.label().place().passage(),
                        text,
                        item.state() == ReviewState.ADJUDICATE,
                        due)));
    }

    /** Empty where this reviewer may not see it; where nobody can any more the item leaves the queue. */
    private Optional<String> text(Caller reviewer, ReviewStore.Item item, Instant now) {
        Optional<DocumentStandings.Standing> standing =
                parts.documents().of(item.label().document());
        if (standing.isPresent() && !standing.get().live()) {
            store.close(item.itemId(), now);
            return Optional.empty();
        }
        if (standing.filter(found -> found.admits(reviewer.principals())).isEmpty()) {
            return Optional.empty();
        }
        Optional<String> text = parts.texts().text(item.label().place());
        if (text.isEmpty()) {
            store.close(item.itemId(), now);
        }
        return text;
    }

    /**
     * Keeps a grade, or a skip with its reason.
     *
     * @return where the item stands now
     */
    public ReviewState judge(
            Caller reviewer, CollectionKey collection, String itemId, @Nullable Integer grade, @Nullable String skip) {
        check(grade, skip);
        if (store.item(collection, itemId).isEmpty()) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such review item");
        }
        String name = pseudonym(reviewer);
        Instant now = parts.clock().instant();
        ReviewStore.Kept kept = store.keep(itemId, name, grade, skip, now);
        ReviewStore.Item item = store.item(collection, itemId).orElseThrow();
        if (kept == ReviewStore.Kept.REFUSED) {
            throw new PalimpsestException(
                    ErrorCode.REVIEW_NOT_ASSIGNED,
                    "item " + itemId + " is " + item.state() + " and not with this reviewer");
        }
        parts.ledger()
                .record(parts.entries()
                        .entry(
                                LedgerEntry.Type.JUDGEMENT_GIVEN,
                                now,
                                "service:retrain",
                                LedgerEntries.Scope.of(collection),
                                itemId + "\n" + name,
                                Map.of(
                                        "grade", grade == null ? "skipped" : grade.toString(),
                                        "state", item.state().name(),
                                        "generation", item.binding().generation(),
                                        "model", item.binding().model()),
                                item.label().document() + "\n" + reviewer.name()));
        return item.state();
    }

    private static void check(@Nullable Integer grade, @Nullable String skip) {
        if ((grade == null) == (skip == null || skip.isBlank())) {
            throw new PalimpsestException(ErrorCode.GRADE_INVALID, "give a grade or a reason to skip, and not both");
        }
        if (grade != null && (grade < 0 || grade > GradedPassage.MOST)) {
            throw new PalimpsestException(
                    ErrorCode.GRADE_INVALID, "grade " + grade + " is not from 0 to " + GradedPassage.MOST);
        }
        if (skip != null && skip.length() > MAX_REASON) {
            throw new PalimpsestException(
                    ErrorCode.GRADE_INVALID,
                    "the reason has " + skip.length() + " characters, of at most " + MAX_REASON);
        }
    }

    public ReviewCounts counts(CollectionKey collection) {
        List<ReviewStore.Said> said = store.said(collection);
        long skips = said.stream().filter(each -> each.grade() == null).count();
        OptionalDouble alpha = Agreement.ordinalAlpha(List.copyOf(units(said).values()));
        return new ReviewCounts(
                store.counts(collection),
                store.judgedQueries(collection),
                said.size() - skips,
                skips,
                alpha.isPresent() ? alpha.getAsDouble() : null);
    }

    private boolean isLive(CollectionKey collection, String document) {
        return parts.documents()
                .of(new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(document)))
                .filter(DocumentStandings.Standing::live)
                .isPresent();
    }

    /** What the first reviewers gave, by item. */
    private static Map<String, List<Integer>> units(List<ReviewStore.Said> said) {
        Map<String, List<Integer>> units = new HashMap<>();
        for (ReviewStore.Said each : said) {
            Integer grade = each.grade();
            if (grade != null && !each.adjudication()) {
                units.computeIfAbsent(each.itemId(), item -> new ArrayList<>()).add(grade);
            }
        }
        return units;
    }

    /** Every settled question, imported ones included, in the order of their ids. */
    public List<JudgedQuestion> questions(CollectionKey collection) {
        return JudgedQuestion.of(graded(collection));
    }

    /** Collections of which anything is judged. */
    public List<CollectionKey> collections() {
        return store.judgedCollections();
    }

    /** Of what people have asked since then, in any words that were judged before or after. */
    public QuestionsOfTime questionsSince(CollectionKey collection, Instant from) {
        Set<String> asked = new HashSet<>();
        Map<String, Set<String>> answered = new HashMap<>();
        for (LoggedQuery query : parts.queries().since(collection, from, QUERIES_LOOKED_AT)) {
            if (query.wasAsked()) {
                String question =
                        parts.digests().queryKey(collection, query.request().query());
                asked.add(question);
                if (Boolean.TRUE.equals(query.answer())) {
                    answered.computeIfAbsent(question, key -> new HashSet<>()).add(query.queryId());
                }
            }
        }
        Map<String, List<Integer>> grades = units(store.said(collection));
        List<List<Integer>> units = new ArrayList<>();
        List<GradedPassage> labels = new ArrayList<>();
        Set<String> waiting = new HashSet<>();
        for (ReviewState state : List.of(ReviewState.OPEN, ReviewState.ADJUDICATE, ReviewState.DONE)) {
            for (ReviewStore.Item item : store.inState(collection, state)) {
                String question = item.label().queryId();
                if (!asked.contains(question)) {
                    continue;
                }
                units.add(grades.getOrDefault(item.itemId(), List.of()));
                if (state == ReviewState.DONE) {
                    labels.add(item.label());
                } else {
                    waiting.add(question);
                }
            }
        }
        return new QuestionsOfTime(
                JudgedQuestion.of(labels).stream()
                        .map(question -> question.ofLive(document -> isLive(collection, document)))
                        .filter(question -> question.isAnswerable() || !waiting.contains(question.queryId()))
                        .toList(),
                answered,
                Agreement.ordinalAlpha(units).orElse(1));
    }

    /** Of all collections. */
    public ReviewBacklog backlog() {
        return store.backlog();
    }

    /** Queries of the collection that have a settled grade. */
    public long judgedQueries(CollectionKey collection) {
        return store.judgedQueries(collection);
    }

    /** Every settled label, imported ones included, in the order of item ids. */
    public List<GradedPassage> graded(CollectionKey collection) {
        return store.inState(collection, ReviewState.DONE).stream()
                .map(ReviewStore.Item::label)
                .toList();
    }

    /** Takes labels that were made elsewhere, settled as they are. Those that are here already stay as they are. */
    public Taken add(CollectionKey collection, BeirLines lines, ImportOptions options) {
        List<GradedPassage> labels = lines.labels(
                collection,
                text -> parts.digests().queryKey(collection, text),
                parts.clock().instant(),
                options);
        List<ReviewStore.Item> items = labels.stream()
                .map(label -> new ReviewStore.Item(
                        itemId(label.document(), label.place().passage().value(), label.queryId()),
                        label,
                        new ReviewStore.Binding("imported", "imported", "IMPORTED:" + options.name()),
                        ReviewState.DONE,
                        0))
                .toList();
        int kept = keep(items, parts.clock().instant());
        return new Taken(kept, items.size() - kept);
    }

    /**
     * Labels that were given.
     *
     * @param judgements that are here now
     * @param ofErasedDocuments that are not kept: their documents may not come back
     */
    public record Taken(int judgements, int ofErasedDocuments) {}

    /** Suppressions are asked for afterwards: an erasure in this moment either finds the items, or they are removed here. */
    private int keep(List<ReviewStore.Item> items, Instant now) {
        store.add(items, now);
        Set<DocumentKey> erased = parts.suppressions()
                .among(items.stream().map(item -> item.label().document()).collect(Collectors.toSet()));
        List<String> late = items.stream()
                .filter(item -> erased.contains(item.label().document()))
                .map(ReviewStore.Item::itemId)
                .toList();
        if (!late.isEmpty()) {
            store.remove(late);
        }
        return items.size() - late.size();
    }

    /**
     * How labels come in.
     *
     * @param name of where they are from
     * @param tag kind of their queries; null for none
     * @param frozen whether they are a general set that is never trained on
     */
    public record ImportOptions(String name, @Nullable String tag, boolean frozen) {}

    /** The same for the same person, and nobody's name. */
    private String pseudonym(Caller reviewer) {
        return parts.digests().of("reviewer", reviewer.tenant().value(), reviewer.name());
    }
}
