package io.palimpsest.retrain.drift.triage;

import io.palimpsest.retrain.drift.triage.Facts.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a change of knowledge, which no training can mend, from one of behaviour, which no re-index can: documents first, then
 * whether there is an answer at all, then the first step that loses it. Each of these ends the search: a model that is tuned on
 * questions whose answers are missing learns to find something else.
 *
 * <p>Threading: immutable.
 *
 * @param limits beyond which a figure counts
 */
public record Triage(Limits limits, Rates rates) {
    /**
     * Where a figure begins to count.
     *
     * @param unserved share of documents that are stale or failed
     * @param changed share of changed documents from which known answers may be others
     * @param fall of a share or a canary figure
     * @param answerable share of judged questions below which it is documents that are missing
     * @param step share below which a step loses answers
     * @param agreement Krippendorff's alpha below which labels say nothing (0.667: Krippendorff, Content Analysis, 2004, §11.4)
     * @param judged labels below which they say nothing
     */
    public record Limits(
            double unserved,
            double changed,
            double fall,
            double answerable,
            double step,
            double agreement,
            long judged) {
        /** But for the agreement arbitrary. */
        public static Limits usual() {
            return new Limits(0.01, 0.2, 0.05, 0.5, 0.8, 0.667, 30);
        }
    }

    /** At least one; the first is what to do. Never both a training and a re-index. */
    public List<Proposal> of(Facts facts) {
        return decided(facts).stream().map(this::withOrigin).toList();
    }

    /** Where a cost is named, also by which rates. */
    private Proposal withOrigin(Proposal proposal) {
        if (proposal.cost().cpuSeconds() == 0 && proposal.cost().labels() == 0) {
            return proposal;
        }
        List<String> evidence = new ArrayList<>(proposal.evidence());
        evidence.add(rates.origin());
        return new Proposal(proposal.remedy(), evidence, proposal.cost());
    }

    private List<Proposal> decided(Facts facts) {
        List<Proposal> documents = documents(facts);
        if (!documents.isEmpty()) {
            return documents;
        }
        Labels labels = facts.labels();
        boolean trusted =
                labels != null && labels.judged() >= limits.judged() && labels.agreement() >= limits.agreement();
        if (labels != null && trusted) {
            return List.of(byLabels(facts, labels));
        }
        return List.of(withoutLabels(facts));
    }

    private List<Proposal> documents(Facts facts) {
        Facts.Corpus corpus = facts.corpus();
        if (corpus.unservedShare() < limits.unserved()) {
            return List.of();
        }
        List<String> evidence = new ArrayList<>();
        if (corpus.stale() > 0) {
            evidence.add(corpus.stale() + " of " + corpus.documents() + " documents are older than their source");
        }
        if (corpus.failed() > 0) {
            evidence.add(corpus.failed() + " documents failed and cannot be found");
        }
        evidence.add("what is asked of them looks like drift until they are served: training waits");
        return List.of(new Proposal(Remedy.REINDEX, evidence, rates.ofReindex(corpus)));
    }

    private Proposal byLabels(Facts facts, Labels labels) {
        List<String> evidence = new ArrayList<>();
        evidence.add(labels.judged() + " questions were judged, agreement " + figure(labels.agreement()));
        evidence.add("a document answers " + percent(labels.answerable()) + " of them");
        if (labels.answerable() < limits.answerable()) {
            evidence.add("the others cannot be answered by any model: content is missing");
            return new Proposal(Remedy.KNOWLEDGE_GAP, evidence, rates.of(0, 0, 0));
        }
        evidence.add("retrieval finds the answer of " + percent(labels.retrieved()) + " of those");
        if (labels.retrieved() < limits.step()) {
            return training(Remedy.TUNE_RETRIEVER, evidence, facts, labels.judged());
        }
        evidence.add("and shows " + percent(labels.rankedWell()) + " of the found among the first ten");
        if (labels.rankedWell() < limits.step()) {
            return training(Remedy.TUNE_RERANKER, evidence, facts, labels.judged());
        }
        Double answered = labels.answeredWell();
        if (answered != null) {
            evidence.add("of which " + percent(answered) + " are answered rightly");
            if (answered < limits.step()) {
                return training(Remedy.TUNE_GENERATOR, evidence, facts, labels.judged());
            }
        }
        evidence.add("no step loses answers");
        return new Proposal(Remedy.NOTHING, evidence, rates.of(0, 0, 0));
    }

    /** Nobody has judged yet: a training is proposed, with the labels it needs, only where people are worse off. */
    private Proposal withoutLabels(Facts facts) {
        List<String> evidence = new ArrayList<>();
        Labels labels = facts.labels();
        if (labels != null && labels.judged() >= limits.judged()) {
            evidence.add("reviewers do not agree (" + figure(labels.agreement()) + "): the labels say nothing");
            return new Proposal(Remedy.NOTHING, evidence, rates.of(0, 0, 0));
        }
        long judged = labels == null ? 0 : labels.judged();
        double changed = facts.corpus().changedShare();
        boolean comparable = changed < limits.changed();
        Facts.Canaries canaries = comparable ? facts.canaries() : null;
        if (changed > 0) {
            evidence.add(percent(changed) + " of the documents have changed since the reference");
        }
        if (!comparable) {
            evidence.add("known answers may be others now: judge the canaries anew before they count");
        }
        if (canaries != null) {
            evidence.add("canaries: nDCG@10 " + figure(canaries.ndcg().before()) + " before, "
                    + figure(canaries.ndcg().now()) + " now");
            if (canaries.recall().fellBy(limits.fall())) {
                evidence.add("known answers are no longer found");
                return training(Remedy.TUNE_RETRIEVER, evidence, facts, judged);
            }
            if (canaries.ndcg().fellBy(limits.fall())) {
                evidence.add("known answers are found and stand lower");
                return training(Remedy.TUNE_RERANKER, evidence, facts, judged);
            }
        }
        if (facts.alarming().contains("zero-results")) {
            evidence.add("more questions find nothing at all, which no document may answer");
            return new Proposal(Remedy.KNOWLEDGE_GAP, evidence, rates.of(0, 0, 0));
        }
        return byFeedback(facts, evidence, judged, canaries);
    }

    /** @param canaries that held; null where there are none to trust */
    private Proposal byFeedback(Facts facts, List<String> evidence, long judged, Facts.@Nullable Canaries canaries) {
        Facts.Change feedback = facts.feedback();
        boolean worse = facts.alarming().contains("feedback-success");
        if (feedback != null) {
            evidence.add(
                    "good answers: " + percent(feedback.before()) + " before, " + percent(feedback.now()) + " now");
            worse |= feedback.fellBy(limits.fall());
        }
        boolean others = facts.alarming().stream().anyMatch(signal -> signal.startsWith("query-"));
        if (!worse) {
            evidence.add(others ? "other questions are asked, and nobody is worse off" : "nobody is worse off");
            return new Proposal(Remedy.NOTHING, evidence, rates.of(0, 0, 0));
        }
        if (others) {
            evidence.add("other questions are asked, and people are less content with what is found");
            return training(Remedy.TUNE_RETRIEVER, evidence, facts, judged);
        }
        if (canaries != null) {
            evidence.add("the same questions are asked, and known answers are found as before");
            return training(Remedy.TUNE_GENERATOR, evidence, facts, judged);
        }
        evidence.add("people are less content, and nothing tells why: label some of the questions");
        return new Proposal(Remedy.NOTHING, evidence, rates.of(0, 0, 0));
    }

    /** Only the retriever's passages have to be embedded anew. */
    private Proposal training(Remedy remedy, List<String> evidence, Facts facts, long judged) {
        long reembeds = remedy == Remedy.TUNE_RETRIEVER ? facts.corpus().passages() : 0;
        return new Proposal(remedy, evidence, rates.ofTraining(reembeds, judged));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
