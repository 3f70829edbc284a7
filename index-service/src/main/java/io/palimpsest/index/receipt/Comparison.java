package io.palimpsest.index.receipt;

import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.querylog.QueryDetail;
import io.palimpsest.index.search.HitScores;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.platform.querylog.ShownHit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Of what was shown with what is found now. Pure. */
final class Comparison {
    private final Map<Place, Hit> then = new LinkedHashMap<>();
    private final Map<Place, Hit> now = new LinkedHashMap<>();

    /** A passage of a document. */
    record Place(DocumentId document, PassageId passage) {}

    /** @param rank from 1 */
    private record Hit(int rank, long revision, float score) {}

    /** Why a passage is only in one of them. */
    interface Causes {
        Rerun.Cause missing(Place place);

        Rerun.Cause added(RankedPassage hit);
    }

    private final List<RankedPassage> found;

    Comparison(List<ShownHit> shown, QueryDetail detail, List<RankedPassage> found) {
        this.found = List.copyOf(found);
        for (ShownHit hit : shown) {
            HitScores scores = detail.scores().get(then.size());
            then.put(
                    new Place(hit.document(), hit.passage()),
                    new Hit(then.size() + 1, hit.revision(), scores.ranking()));
        }
        for (RankedPassage hit : found) {
            now.put(
                    place(hit),
                    new Hit(
                            now.size() + 1,
                            hit.resolved().revision().revision(),
                            hit.scores().ranking()));
        }
    }

    private static Place place(RankedPassage hit) {
        return new Place(
                hit.resolved().revision().key().document(),
                hit.resolved().passage().id());
    }

    /** None where the same passages of the same revisions are in the same order. */
    List<Rerun.Difference> differences(Causes causes) {
        List<Rerun.Difference> differences = new ArrayList<>();
        then.forEach((place, was) -> {
            Hit is = now.get(place);
            if (is == null) {
                differences.add(difference(place, was.rank(), null, causes.missing(place)));
            } else if (is.revision() != was.revision()) {
                differences.add(difference(place, was.rank(), is.rank(), Rerun.Cause.REVISED));
            }
        });
        found.stream()
                .filter(hit -> !then.containsKey(place(hit)))
                .forEach(hit -> differences.add(difference(
                        place(hit),
                        null,
                        Objects.requireNonNull(now.get(place(hit))).rank(),
                        causes.added(hit))));
        if (differences.isEmpty()) {
            then.forEach((place, was) -> {
                Hit is = Objects.requireNonNull(now.get(place));
                if (is.rank() != was.rank()) {
                    differences.add(difference(place, was.rank(), is.rank(), Rerun.Cause.SCORES));
                }
            });
        }
        return differences;
    }

    private static Rerun.Difference difference(
            Place place, @Nullable Integer was, @Nullable Integer is, Rerun.Cause cause) {
        return new Rerun.Difference(place.document(), place.passage(), was, is, cause);
    }

    /** Among what is in both of them. */
    double largestScoreDifference() {
        return then.entrySet().stream()
                .filter(hit -> now.containsKey(hit.getKey()))
                .mapToDouble(hit -> Math.abs((double) hit.getValue().score()
                        - Objects.requireNonNull(now.get(hit.getKey())).score()))
                .max()
                .orElse(0);
    }
}
