package io.palimpsest.standalone.demo;

import io.palimpsest.standalone.demo.Outline.Heading;
import io.palimpsest.standalone.demo.Outline.Paragraph;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTextBox;
import org.jspecify.annotations.Nullable;

/** Writes an outline as slides: each heading starts one. */
final class SlidesFile {
    private SlidesFile() {}

    static void write(Outline outline, Path file) throws IOException {
        try (XMLSlideShow show = new XMLSlideShow();
                OutputStream out = Files.newOutputStream(file)) {
            XSLFTextBox body = null;
            for (Outline.Line line : outline.lines()) {
                if (line instanceof Heading heading) {
                    body = newSlide(show, heading.text());
                } else if (line instanceof Paragraph paragraph && body != null) {
                    addLine(body, paragraph.text());
                }
            }
            show.write(out);
        }
    }

    private static XSLFTextBox newSlide(XMLSlideShow show, String title) {
        XSLFSlide slide = show.createSlide();
        XSLFTextBox head = slide.createTextBox();
        head.setAnchor(new Rectangle(40, 30, 640, 60));
        head.setText(title);
        XSLFTextBox body = slide.createTextBox();
        body.setAnchor(new Rectangle(40, 120, 640, 360));
        body.clearText();
        return body;
    }

    private static void addLine(@Nullable XSLFTextBox body, String text) {
        if (body != null) {
            body.addNewTextParagraph().addNewTextRun().setText(text);
        }
    }
}
