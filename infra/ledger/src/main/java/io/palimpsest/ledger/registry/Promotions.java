package io.palimpsest.ledger.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.ledger.sequence.EntryIndex.Found;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a promotion stood on, by the entries of its story. Pure. */
public final class Promotions {
    private static final String FIGURES = "evaluation.";

    private Promotions() {}

    /**
     * What a candidate was measured to be.
     *
     * @param report SHA-256 of the report (JSON), hex
     * @param figures by kind of slice
     * @param entry index in the log
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Evaluated(
            String run, @Nullable String model, String report, Map<String, String> figures, long entry) {}

    /**
     * A person's word.
     *
     * @param entry index in the log
     */
    public record Approved(boolean approved, String by, Instant at, long entry) {}

    /** Told when the model is registered, and again when the run ends; newest first. */
    static List<Evaluated> evaluations(List<Found> story) {
        Map<String, Evaluated> byReport = new LinkedHashMap<>();
        for (Found found : story.reversed()) {
            Map<String, String> facts = found.entry().facts();
            String report = facts.get("report");
            if (report != null) {
                byReport.putIfAbsent(
                        report,
                        new Evaluated(
                                facts.getOrDefault("run", ""),
                                facts.get("model"),
                                report,
                                figures(facts),
                                found.index()));
            }
        }
        return List.copyOf(byReport.values());
    }

    private static Map<String, String> figures(Map<String, String> facts) {
        Map<String, String> figures = new TreeMap<>();
        facts.forEach((key, value) -> {
            if (key.startsWith(FIGURES)) {
                figures.put(key.substring(FIGURES.length()), value);
            }
        });
        return figures;
    }

    /** Newest first. */
    static List<Approved> approvals(List<Found> story) {
        return story.reversed().stream()
                .filter(found -> found.entry().type() == LedgerEntry.Type.APPROVAL_GIVEN
                        || found.entry().type() == LedgerEntry.Type.APPROVAL_REFUSED)
                .map(found -> new Approved(
                        found.entry().type() == LedgerEntry.Type.APPROVAL_GIVEN,
                        found.entry().actor(),
                        found.entry().at(),
                        found.index()))
                .toList();
    }
}
