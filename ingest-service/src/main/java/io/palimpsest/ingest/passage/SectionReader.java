package io.palimpsest.ingest.passage;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a document's blocks into sections of atoms; text that no block covers is read as paragraphs. */
final class SectionReader {
    private final ExtractedDocument document;
    private final Atomizer atomizer;
    private final List<Section> sections = new ArrayList<>();

    /** Headings without text of their own that the next text is under: they are embedded with its first passage. */
    private final List<Heading> openHeadings = new ArrayList<>();

    private List<Atom> atoms = new ArrayList<>();
    private List<String> ownHeading = List.of();
    private @Nullable Block tableHeader;

    private SectionReader(ExtractedDocument document, Atomizer atomizer) {
        this.document = document;
        this.atomizer = atomizer;
    }

    static List<Section> read(ExtractedDocument document, Atomizer atomizer) {
        return new SectionReader(document, atomizer).read();
    }

    private List<Section> read() {
        int covered = 0;
        for (Block block : document.blocks()) {
            uncovered(covered, block.start());
            block(block);
            covered = block.end();
        }
        uncovered(covered, document.text().length());
        endSection();
        return sections;
    }

    private void block(Block block) {
        if (block.kind() == BlockKind.HEADING) {
            endSection();
            heading(document.textOf(block).strip().replaceAll("\\s+", " "), block.level());
            return;
        }
        boolean row = block.kind() == BlockKind.TABLE_ROW;
        if (!row) {
            tableHeader = block.kind() == BlockKind.TABLE_HEADER ? block : null;
        }
        atomizer.atoms(document.text(), block, row ? tableHeader : null, atoms);
    }

    /** Ends the empty sections beside it, but the document's first heading stays: it is the title of what follows. */
    private void heading(String title, int level) {
        if (title.isEmpty()) {
            return;
        }
        if (level > 0 && !openHeadings.isEmpty()) {
            int kept = sections.isEmpty() ? 1 : 0;
            openHeadings.subList(kept, openHeadings.size()).removeIf(open -> open.level() >= level);
        }
        openHeadings.add(new Heading(title, level));
        ownHeading = List.of(title);
    }

    private void uncovered(int start, int end) {
        if (start < end && !document.text().substring(start, end).isBlank()) {
            block(Block.of(BlockKind.PARAGRAPH, start, end));
        }
    }

    private void endSection() {
        tableHeader = null;
        if (!atoms.isEmpty()) {
            List<String> path = openHeadings.stream().map(Heading::title).toList();
            sections.add(new Section(path, ownHeading, atoms));
            openHeadings.clear();
            atoms = new ArrayList<>();
        }
    }

    /** @param level 1 to 6, 0 if unknown */
    private record Heading(String title, int level) {}
}
