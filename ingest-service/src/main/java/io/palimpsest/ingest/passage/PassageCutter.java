package io.palimpsest.ingest.passage;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.ingest.passage.Boundaries.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a document into passages: whole sections where they fit, content-defined parts of them where not. Every
 * character that is not white space and not a heading is in exactly one passage; headings are context.
 *
 * <p>Threading: safe if the token counter is. Same document, policy and counter, same passages.
 */
public final class PassageCutter {
    private final PassagePolicy policy;
    private final ToIntFunction<String> tokenCount;
    private final Atomizer atomizer;
    private final Boundaries boundaries;

    /** @param tokenCount length of a text in the embedder's tokens, special tokens not counted, never truncated */
    public PassageCutter(PassagePolicy policy, ToIntFunction<String> tokenCount) {
        this.policy = policy;
        this.tokenCount = tokenCount;
        this.atomizer = new Atomizer(tokenCount, policy.maxTokens());
        this.boundaries = new Boundaries(policy.maxTokens(), policy.minTokens());
    }

    public PassageManifest cut(ExtractedDocument doc) {
        List<Passage> passages = new ArrayList<>();
        Map<ContentHash, Integer> occurrences = new HashMap<>();
        for (Section section : SectionReader.read(doc, atomizer)) {
            Fitted path = new Fitted(section.firstPath());
            for (Run run : boundaries.cut(section.atoms())) {
                passages.add(passage(doc, section.atoms().subList(run.from(), run.to()), path, occurrences));
                path = path.isOf(section.laterPath()) ? path : new Fitted(section.laterPath());
            }
        }
        return new PassageManifest(policy.id(), passages);
    }

    private Passage passage(
            ExtractedDocument doc, List<Atom> atoms, Fitted path, Map<ContentHash, Integer> occurrences) {
        Atom first = atoms.getFirst();
        int start = first.start();
        int end = atoms.getLast().end();
        String text = doc.text().substring(start, end);
        // As the boundaries count; what is embedded is counted whole below.
        int tokens = atoms.stream().mapToInt(Atom::tokens).sum();
        int room = policy.embeddedLimit() - tokens;
        Context context = path.within(Math.min(room, policy.maxContextTokens()));
        List<String> headings = context.headings();
        int left = room - context.tokens();
        String tableHeader = fittingHeader(doc, first.tableHeader(), Math.min(left, policy.maxContextTokens()));
        String embedded = Passage.embeddedText(headings, tableHeader, text);
        ContentHash textHash = ContentHash.ofText(embedded);
        int occurrence = occurrences.merge(textHash, 1, Integer::sum) - 1;
        return new Passage(
                PassageId.of(textHash, occurrence),
                start,
                end,
                headings,
                tableHeader,
                first.block().page(),
                textHash,
                atoms.size() == 1 && embedded.equals(text) ? tokens : tokenCount.applyAsInt(embedded));
    }

    /** @param tokens of the headings as they are embedded; 0 where there are none */
    private record Context(List<String> headings, int tokens) {}

    /** A path of headings, and what of it fits: passages of a section mostly ask for the same room. */
    private final class Fitted {
        private final List<String> path;
        private final Map<Integer, Context> byRoom = new HashMap<>();

        Fitted(List<String> path) {
            this.path = path;
        }

        boolean isOf(List<String> other) {
            return path.equals(other);
        }

        Context within(int room) {
            return byRoom.computeIfAbsent(room, this::fitting);
        }

        /** The innermost headings that fit; of one that is too long by itself, its first words. */
        private Context fitting(int room) {
            for (int from = 0; from < path.size(); from++) {
                List<String> inner = path.subList(from, path.size());
                int tokens = tokenCount.applyAsInt(String.join(" > ", inner));
                if (tokens <= room) {
                    return new Context(inner, tokens);
                }
            }
            String own = path.isEmpty() ? "" : beginning(path.getLast(), ' ', room);
            return own.isEmpty() ? new Context(List.of(), 0) : new Context(List.of(own), tokenCount.applyAsInt(own));
        }
    }

    private @Nullable String fittingHeader(ExtractedDocument doc, @Nullable Block header, int room) {
        if (header == null) {
            return null;
        }
        String cells = beginning(doc.textOf(header).strip(), '\t', room);
        return cells.isEmpty() ? null : cells;
    }

    /** As many whole words, or cells, from the start as fit; empty where not even one does. */
    private String beginning(String text, char separator, int room) {
        String fitting = text;
        while (!fitting.isEmpty() && tokenCount.applyAsInt(fitting) > room) {
            fitting = fitting.substring(0, Math.max(0, fitting.lastIndexOf(separator)));
        }
        return fitting;
    }
}
