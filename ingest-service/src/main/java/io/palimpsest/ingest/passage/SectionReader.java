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

    /** Headings since the last text: a heading without text of its own is embedded with the next passage. */
    private final List<String> pendingHeadings = new ArrayList<>();

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
            String title = document.textOf(block).strip().replaceAll("\\s+", " ");
            if (!title.isEmpty()) {
                pendingHeadings.add(title);
                ownHeading = List.of(title);
            }
            return;
        }
        boolean row = block.kind() == BlockKind.TABLE_ROW;
        if (!row) {
            tableHeader = block.kind() == BlockKind.TABLE_HEADER ? block : null;
        }
        atomizer.atoms(document.text(), block, row ? tableHeader : null, atoms);
    }

    private void uncovered(int start, int end) {
        if (start < end && !document.text().substring(start, end).isBlank()) {
            block(Block.of(BlockKind.PARAGRAPH, start, end));
        }
    }

    private void endSection() {
        tableHeader = null;
        if (!atoms.isEmpty()) {
            sections.add(new Section(List.copyOf(pendingHeadings), ownHeading, atoms));
            pendingHeadings.clear();
            atoms = new ArrayList<>();
        }
    }
}
