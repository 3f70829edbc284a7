package io.palimpsest.standalone.demo;

import io.palimpsest.standalone.demo.Outline.Heading;
import io.palimpsest.standalone.demo.Outline.Item;
import io.palimpsest.standalone.demo.Outline.NewPage;
import io.palimpsest.standalone.demo.Outline.Paragraph;
import io.palimpsest.standalone.demo.Outline.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** Sets an outline as a PDF of A4 pages. */
final class PdfFile {
    private static final float MARGIN = 64;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;

    private final PDFont plain = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(Standard14Fonts.FontName.HELVETICA_BOLD);

    static void write(Outline outline, Path file) throws IOException {
        try (PDDocument document = new PDDocument()) {
            document.getDocumentInformation().setTitle(outline.title());
            PdfFile setter = new PdfFile();
            for (List<Outline.Line> page : pages(outline)) {
                setter.set(document, page);
            }
            document.save(file.toFile());
        }
    }

    private static List<List<Outline.Line>> pages(Outline outline) {
        List<List<Outline.Line>> pages = new ArrayList<>();
        pages.add(new ArrayList<>());
        for (Outline.Line line : outline.lines()) {
            if (line instanceof NewPage) {
                pages.add(new ArrayList<>());
            } else {
                pages.get(pages.size() - 1).add(line);
            }
        }
        return pages;
    }

    private void set(PDDocument document, List<Outline.Line> lines) throws IOException {
        PDPage page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.beginText();
            content.newLineAtOffset(MARGIN, PDRectangle.A4.getHeight() - MARGIN);
            for (Outline.Line line : lines) {
                switch (line) {
                    case Heading heading -> set(content, bold, heading.level() == 1 ? 20 : 14, heading.text());
                    case Paragraph paragraph -> set(content, plain, 11, paragraph.text());
                    case Item item -> set(content, plain, 11, "- " + item.text());
                    case Row row -> set(content, plain, 11, String.join("   ", row.cells()));
                    case NewPage newPage -> throw new IllegalStateException("pages are split before they are set");
                }
            }
            content.endText();
        }
    }

    /** One paragraph, broken into lines, with a blank space after it. */
    private static void set(PDPageContentStream content, PDFont font, float size, String text) throws IOException {
        content.setFont(font, size);
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && font.getStringWidth(line + " " + word) / 1_000 * size > WIDTH) {
                content.showText(line.toString());
                content.newLineAtOffset(0, -1.25f * size);
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        content.showText(line.toString());
        content.newLineAtOffset(0, -3f * size);
    }
}
