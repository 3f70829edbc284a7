package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest labels status|next|grade}. */
@Command(
        name = "labels",
        description = "The review queue: how far it is, the next item, and grading it.",
        subcommands = {LabelsCommand.Status.class, LabelsCommand.Next.class, LabelsCommand.GradeItem.class})
final class LabelsCommand {

    /** {@code palimpsest labels status}. */
    @Command(name = "status", description = "Counts, and how far reviewers agree.")
    static final class Status extends ClientCommand {
        @Mixin
        InCollection in = new InCollection();

        @Override
        public Integer call() {
            JsonNode counts = server.client().get(in.path("/review"));
            if (printed(counts)) {
                return 0;
            }
            out().printf(
                            "%d queries judged, %d grades, %d skipped; items %s; Krippendorff's alpha %s%n",
                            counts.path("queries").asLong(),
                            counts.path("grades").asLong(),
                            counts.path("skips").asLong(),
                            counts.path("items"),
                            counts.path("alpha").asText("not known yet"));
            return 0;
        }
    }

    /** {@code palimpsest labels next}. */
    @Command(name = "next", description = "Takes the next item to grade. Role REVIEW.")
    static final class Next extends ClientCommand {
        @Mixin
        InCollection in = new InCollection();

        @Override
        public Integer call() {
            JsonNode task = server.client().get(in.path("/review/next"));
            out().println(task.isEmpty() ? "Nothing to grade now." : task.toPrettyString());
            return 0;
        }
    }

    /** {@code palimpsest labels grade}. */
    @Command(name = "grade", description = "Grades an item, 0 (useless) to 3 (answers it), or skips it. Role REVIEW.")
    static final class GradeItem extends ClientCommand {
        @Mixin
        InCollection in = new InCollection();

        @Parameters(index = "0", paramLabel = "ITEM", description = "As 'labels next' shows it.")
        String item;

        @Parameters(index = "1", arity = "0..1", paramLabel = "GRADE", description = "0 to 3.")
        @Nullable
        Integer grade;

        @Option(names = "--skip", paramLabel = "REASON", description = "Instead of a grade.")
        @Nullable
        String skip;

        @Override
        public Integer call() {
            Map<String, Object> given = new LinkedHashMap<>();
            if (grade != null) {
                given.put("grade", grade);
            }
            if (skip != null) {
                given.put("skip", skip);
            }
            JsonNode state = server.client().post(in.path("/review/" + item), given);
            out().println(state.path("state").asText());
            return 0;
        }
    }
}
