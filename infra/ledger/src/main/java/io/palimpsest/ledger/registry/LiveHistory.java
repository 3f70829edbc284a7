package io.palimpsest.ledger.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ledger.sequence.EntryIndex;
import io.palimpsest.ledger.sequence.EntryIndex.Found;
import io.palimpsest.ledger.sequence.Leaf;
import io.palimpsest.ledger.sequence.Salts;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.verifier.merkle.Hash;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Threading: safe. Failure: DATABASE_FAILED, LEDGER_DAMAGED. */
public final class LiveHistory {
    private static final Set<LedgerEntry.Type> OF_GENERATIONS =
            EnumSet.of(LedgerEntry.Type.GENERATION_MADE, LedgerEntry.Type.GENERATION_LIVE);
    private static final Set<LedgerEntry.Type> OF_MODELS = EnumSet.of(
            LedgerEntry.Type.MODEL_REGISTERED,
            LedgerEntry.Type.MODEL_PROMOTED,
            LedgerEntry.Type.MODEL_ROLLED_BACK,
            LedgerEntry.Type.APPROVAL_GIVEN,
            LedgerEntry.Type.APPROVAL_REFUSED,
            LedgerEntry.Type.RUN_STARTED,
            LedgerEntry.Type.RUN_ENDED);

    private final EntryIndex index;
    private final Salts salts;
    private final Function<String, Optional<Map<String, String>>> thresholds;

    /** @param thresholds by the hash that entries have of them; empty where they are not kept */
    public LiveHistory(EntryIndex index, Salts salts, Function<String, Optional<Map<String, String>>> thresholds) {
        this.index = index;
        this.salts = salts;
        this.thresholds = thresholds;
    }

    /**
     * What was live at a moment, by the entries of the log; each of them can be proven.
     *
     * @param generation live then
     * @param model of its passages
     * @param policy by which they were cut
     * @param since when it went live
     * @param story how it came to be: the generation made and live, its model registered and promoted, the run, who approved
     * @param evaluations that the promotion stood on, newest first; none where it was not promoted by a run
     * @param approvals by whom, newest first
     * @param configurations the newest change of settings of each process until then
     * @param thresholds in force then, by process; one is left out whose settings are not kept, or not what its entry says
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Live(
            Instant at,
            String generation,
            @Nullable String model,
            @Nullable String policy,
            Instant since,
            List<Found> story,
            List<Promotions.Evaluated> evaluations,
            List<Promotions.Approved> approvals,
            List<Found> configurations,
            Map<String, Map<String, String>> thresholds) {}

    /** Empty where nothing was live yet. */
    public Optional<Live> at(CollectionKey collection, Instant moment) {
        Optional<Hash> scope =
                salts.scope(collection.tenant(), collection.collection().value());
        Set<LedgerEntry.Type> types = EnumSet.copyOf(OF_GENERATIONS);
        types.addAll(OF_MODELS);
        List<Found> all = scope.map(it -> index.of(it, types, moment)).orElse(List.of());
        return all.stream()
                .filter(found -> found.entry().type() == LedgerEntry.Type.GENERATION_LIVE)
                .max(Comparator.comparing((Found found) -> found.entry().at()).thenComparingLong(Found::index))
                .map(live -> live(moment, live, all));
    }

    private Live live(Instant moment, Found live, List<Found> all) {
        Leaf entry = live.entry();
        String generation = Objects.requireNonNull(entry.facts().get("generation"));
        String model = entry.facts().get("model");
        Predicate<Found> isOfIt =
                found -> generation.equals(found.entry().facts().get("generation"))
                        || (OF_MODELS.contains(found.entry().type())
                                && Objects.equals(model, found.entry().facts().get("model")));
        Set<String> runs = all.stream()
                .filter(isOfIt)
                .map(found -> found.entry().facts().get("run"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<Found> story = all.stream()
                .filter(isOfIt.or(found -> runs.contains(found.entry().facts().getOrDefault("run", ""))))
                .toList();
        List<Found> configurations = configurations(moment);
        return new Live(
                moment,
                generation,
                model,
                entry.facts().get("policy"),
                entry.at(),
                story,
                Promotions.evaluations(story),
                Promotions.approvals(story),
                configurations,
                thresholds(configurations));
    }

    private Map<String, Map<String, String>> thresholds(List<Found> configurations) {
        Map<String, Map<String, String>> byProcess = new TreeMap<>();
        configurations.forEach(
                found -> Optional.ofNullable(found.entry().facts().get("thresholds"))
                        .flatMap(thresholds)
                        .ifPresent(kept -> byProcess.put(found.entry().actor(), kept)));
        return byProcess;
    }

    private List<Found> configurations(Instant moment) {
        Map<String, Found> newest = new TreeMap<>();
        salts.scope(LocalKey.TENANT, "")
                .ifPresent(scope -> index.of(scope, Set.of(LedgerEntry.Type.CONFIGURATION_CHANGED), moment)
                        .forEach(found -> newest.put(found.entry().actor(), found)));
        return List.copyOf(newest.values());
    }
}
