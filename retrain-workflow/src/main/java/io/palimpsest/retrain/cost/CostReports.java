package io.palimpsest.retrain.cost;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.config.CostSettings;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.cost.CostBook.Sum;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.WorkKind;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.triage.Rates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reckons costs from what was written down, and grades from where they are. Threading: safe. Failure: {@code DATABASE_FAILED}. */
public final class CostReports {
    /** How labelling is called among the details. */
    private static final String LABELLING = "LABELLING";

    private final CostBook book;
    private final Sql sql;
    private final CostSettings prices;

    public CostReports(CostBook book, Sql sql, CostSettings prices) {
        this.book = book;
        this.sql = sql;
        this.prices = prices;
    }

    public CostReport of(CollectionKey collection) {
        List<Sum> sums = book.of(collection);
        long labels = labels(collection);
        List<CostReport.Detail> details = new ArrayList<>();
        for (Sum sum : sums) {
            boolean ofRuns = sum.kind() == WorkKind.TRAINING || sum.kind() == WorkKind.EVALUATION;
            details.add(new CostReport.Detail(
                    sum.kind().name(),
                    sum.subject(),
                    total(sum.all(), ofRuns ? sum.runs() : sum.all().documents(), 0)));
        }
        if (labels > 0) {
            details.add(new CostReport.Detail(LABELLING, "reviewers", total(unknown(), 0, labels)));
        }
        Spent indexing = all(sums, sum -> sum.kind() == WorkKind.INDEX);
        Spent generations = all(sums, sum -> sum.kind() == WorkKind.GENERATION);
        Spent training =
                all(sums, sum -> Set.of(WorkKind.TRAINING, WorkKind.EVALUATION).contains(sum.kind()));
        return new CostReport(
                collection,
                sums.stream()
                        .map(Sum::since)
                        .min(Comparator.<Instant>naturalOrder())
                        .orElse(null),
                prices.isPriced() ? prices.currency() : null,
                total(indexing, indexing.documents(), 0),
                total(generations, generations.documents(), 0),
                total(training, book.runs(collection), labels),
                details,
                rates(collection).origin());
    }

    /** For estimates: from what was recorded where there is enough, otherwise built in. */
    public Rates rates(CollectionKey collection) {
        List<Sum> sums = book.of(collection);
        Spent indexing = all(sums, sum -> sum.kind() == WorkKind.INDEX);
        Spent indexed = indexing.plus(all(sums, sum -> sum.kind() == WorkKind.GENERATION));
        // Of another trainer a step is another thing: the one with most runs is the usual one.
        Sum usual = sums.stream()
                .filter(sum -> sum.kind() == WorkKind.TRAINING)
                .max(Comparator.comparingLong(Sum::runs))
                .orElse(null);
        return Rates.measured()
                .priced(prices.cpuHour().orElse(null), prices.label().orElse(null))
                .learned(new Rates.Recorded(
                        indexing.documents(),
                        indexing.passages(),
                        indexed.cpuMillis() < 0 ? 0 : indexed.embedded(),
                        seconds(indexed.cpuMillis()),
                        usual == null || usual.all().cpuMillis() < 0 ? 0 : usual.runs(),
                        usual == null ? 0 : usual.all().steps(),
                        usual == null ? 0 : seconds(usual.all().cpuMillis())));
    }

    private static Spent all(List<Sum> sums, Predicate<Sum> which) {
        return sums.stream().filter(which).map(Sum::all).reduce(unknown(), Spent::plus);
    }

    private static Spent unknown() {
        return new Spent(0, Spent.UNKNOWN, 0, 0, 0, 0, 0);
    }

    /** Grades that people gave here; imported ones cost nothing here. */
    private long labels(CollectionKey collection) {
        return sql.first(
                        "SELECT COUNT(*) FROM judgement j JOIN review_item i ON i.item_id = j.item_id"
                                + " WHERE i.tenant = ? AND i.collection = ? AND j.grade IS NOT NULL",
                        row -> row.getLong(1),
                        collection.tenant().value(),
                        collection.collection().value())
                .orElse(0L);
    }

    private CostReport.Total total(Spent all, long count, long labels) {
        Double cpu = all.cpuMillis() < 0 ? null : Double.valueOf(seconds(all.cpuMillis()));
        Double money = money(cpu, labels, all.tokens());
        double wall = seconds(all.wallMillis());
        CostReport.Each each = count == 0
                ? null
                : new CostReport.Each(
                        wall / count,
                        cpu == null ? null : Double.valueOf(cpu / count),
                        money == null ? null : Double.valueOf(money / count));
        return new CostReport.Total(
                count, wall, cpu, all.passages(), all.embedded(), labels, all.tokens(), money, each);
    }

    private @Nullable Double money(@Nullable Double cpuSeconds, long labels, long tokens) {
        if (!prices.isPriced()) {
            return null;
        }
        return (cpuSeconds == null ? 0 : cpuSeconds) / 3600 * prices.cpuHour().orElse(0.0)
                + labels * prices.label().orElse(0.0)
                + tokens / 1000.0 * prices.thousandTokens().orElse(0.0);
    }

    private static double seconds(long millis) {
        return Math.max(0, millis) / 1000.0;
    }
}
