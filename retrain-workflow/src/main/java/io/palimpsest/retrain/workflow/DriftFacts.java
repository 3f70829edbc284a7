package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.canary.Canaries;
import io.palimpsest.retrain.canary.CanaryMeasurement;
import io.palimpsest.retrain.canary.ServingIndex;
import io.palimpsest.retrain.drift.CorpusFacts;
import io.palimpsest.retrain.drift.DriftStore;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.triage.Facts;
import io.palimpsest.retrain.drift.triage.Facts.Change;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import io.palimpsest.retrain.feedback.FeedbackLog;
import io.palimpsest.retrain.judgement.JudgedQuestion;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.judgement.QuestionsOfTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a collection when an alarm holds: its documents, what people say, canaries, and labels of what was asked since the
 * alarm's first window.
 *
 * <p>Threading: safe. Failure: what the database or the search throws: half of the facts would start the wrong remedy.
 */
public final class DriftFacts {
    /** Fewer answers say nothing of a share (arbitrary). */
    private static final long LEAST_ANSWERS = 20;
    /** Feedback before the alarm that is looked at (arbitrary). */
    private static final int ANSWERS = 1_000;
    /** Judged questions that are searched: a share of them is known to 5 %. */
    private static final int SEARCHED = 100;

    private static final int SHOWN = 10;

    private final Parts parts;

    /** What it reads. */
    public record Parts(
            DriftStore alarms,
            CorpusFacts corpus,
            FeedbackLog feedback,
            Canaries canaries,
            Judgements judgements,
            ServingIndex index) {}

    public DriftFacts(Parts parts) {
        this.parts = parts;
    }

    Facts of(DriftAlarm alarm) {
        Instant since = parts.alarms().since(alarm);
        CollectionKey collection = alarm.collection();
        return new Facts(
                alarm.evidence().stream().map(DriftAlarm.Evidence::signal).collect(Collectors.toSet()),
                parts.corpus().of(collection),
                feedback(collection, since),
                parts.canaries().now(collection).map(DriftFacts::canaries).orElse(null),
                labels(collection, since).orElse(null));
    }

    private @Nullable Change feedback(CollectionKey collection, Instant since) {
        FeedbackLog.Success before = parts.feedback().success(collection, Instant.EPOCH, since, ANSWERS);
        FeedbackLog.Success now =
                parts.feedback().success(collection, since, Instant.ofEpochMilli(Long.MAX_VALUE), ANSWERS);
        return before.total() < LEAST_ANSWERS || now.total() < LEAST_ANSWERS
                ? null
                : new Change(before.share(), now.share());
    }

    private static Facts.Canaries canaries(CanaryMeasurement measured) {
        return new Facts.Canaries(
                new Change(measured.ndcgBefore(), measured.ndcg()),
                new Change(measured.recallBefore(), measured.recall()));
    }

    /** Reviewers grade passages; whether an answer was right, those who asked for it say. */
    private Optional<Facts.Labels> labels(CollectionKey collection, Instant since) {
        QuestionsOfTime judged = parts.judgements().questionsSince(collection, since);
        Optional<ServingIndex.Serving> serving = parts.index().serving(collection);
        if (judged.questions().isEmpty() || serving.isEmpty()) {
            return Optional.empty();
        }
        List<JudgedQuestion> answerable =
                judged.questions().stream().filter(JudgedQuestion::isAnswerable).toList();
        SearchUnderTest search = parts.index().search(collection, serving.get().generation());
        long searched = Math.min(SEARCHED, answerable.size());
        long retrieved = 0;
        long rankedWell = 0;
        Map<String, Boolean> said = parts.feedback().byQuery(collection, since);
        List<Boolean> answers = new ArrayList<>();
        for (JudgedQuestion question : answerable.subList(0, (int) searched)) {
            List<String> ranking = search.search(question.query()).ranking();
            retrieved += finds(question, ranking) ? 1 : 0;
            if (finds(question, ranking.subList(0, Math.min(SHOWN, ranking.size())))) {
                rankedWell++;
                judged.answered().getOrDefault(question.queryId(), Set.of()).stream()
                        .filter(said::containsKey)
                        .forEach(query -> answers.add(said.get(query)));
            }
        }
        return Optional.of(new Facts.Labels(
                judged.questions().size(),
                judged.agreement(),
                share(answerable.size(), judged.questions().size()),
                share(retrieved, searched),
                share(rankedWell, retrieved),
                answers.size() < LEAST_ANSWERS
                        ? null
                        : share(answers.stream().filter(good -> good).count(), answers.size())));
    }

    private static boolean finds(JudgedQuestion question, List<String> ranking) {
        return ranking.stream().anyMatch(document -> question.gains().getOrDefault(document, 0) > 0);
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }
}
