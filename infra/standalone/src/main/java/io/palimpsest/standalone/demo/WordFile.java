package io.palimpsest.standalone.demo;

import io.palimpsest.standalone.demo.Outline.Heading;
import io.palimpsest.standalone.demo.Outline.Item;
import io.palimpsest.standalone.demo.Outline.NewPage;
import io.palimpsest.standalone.demo.Outline.Paragraph;
import io.palimpsest.standalone.demo.Outline.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.poi.xwpf.usermodel.BreakType;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFStyles;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.apache.poi.xwpf.usermodel.XWPFTableRow;
import org.jspecify.annotations.Nullable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** Writes an outline as a Word document with heading styles. */
final class WordFile {
    private WordFile() {}

    static void write(Outline outline, Path file) throws IOException {
        try (XWPFDocument document = new XWPFDocument();
                OutputStream out = Files.newOutputStream(file)) {
            addHeadingStyles(document.createStyles());
            document.getProperties().getCoreProperties().setTitle(outline.title());
            XWPFTable table = null;
            for (Outline.Line line : outline.lines()) {
                table = add(document, table, line);
            }
            document.write(out);
        }
    }

    /** @return the table that a following row belongs to */
    private static @Nullable XWPFTable add(XWPFDocument document, @Nullable XWPFTable table, Outline.Line line) {
        switch (line) {
            case Heading heading -> {
                XWPFParagraph paragraph = document.createParagraph();
                paragraph.setStyle("Heading" + heading.level());
                XWPFRun run = paragraph.createRun();
                run.setBold(true);
                run.setFontSize(heading.level() == 1 ? 20 : 14);
                run.setText(heading.text());
            }
            case Paragraph paragraph -> document.createParagraph().createRun().setText(paragraph.text());
            case Item item -> document.createParagraph().createRun().setText("\u2022 " + item.text());
            case NewPage page -> document.createParagraph().createRun().addBreak(BreakType.PAGE);
            case Row row -> {
                XWPFTable rows =
                        table == null ? document.createTable(1, row.cells().size()) : table;
                fill(table == null ? rows.getRow(0) : rows.createRow(), row.cells());
                return rows;
            }
        }
        return null;
    }

    private static void fill(XWPFTableRow row, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            row.getCell(i).setText(cells.get(i));
        }
    }

    private static void addHeadingStyles(XWPFStyles styles) {
        for (int level = 1; level <= 2; level++) {
            CTStyle style = CTStyle.Factory.newInstance();
            style.setStyleId("Heading" + level);
            style.addNewName().setVal("heading " + level);
            style.setType(STStyleType.PARAGRAPH);
            styles.addStyle(new XWPFStyle(style, styles));
        }
    }
}
