package io.palimpsest.testkit.document;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/** Real documents, good and bad, written by the libraries of their formats. */
public final class Documents {
    private Documents() {}

    public static Path pdf(Path file, int pages) throws IOException {
        try (PDDocument document = pdfOf(pages)) {
            document.save(file.toFile());
        }
        return file;
    }

    /** Each chapter on a page of its own; the outline names the chapters without their numbers, and one that is nowhere. */
    public static Path outlinedPdf(Path file, String... chapters) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDDocumentOutline outline = new PDDocumentOutline();
            document.getDocumentCatalog().setDocumentOutline(outline);
            PDFont font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
            for (int i = 0; i < chapters.length; i++) {
                PDPage page = new PDPage();
                document.addPage(page);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(font, 12);
                    content.newLineAtOffset(72, 700);
                    content.showText((i + 1) + ". " + chapters[i]);
                    content.newLineAtOffset(0, -40);
                    content.showText("What there is to say about " + chapters[i] + ".");
                    content.endText();
                }
                PDOutlineItem item = new PDOutlineItem();
                item.setTitle(chapters[i]);
                item.setDestination(page);
                outline.addLast(item);
                PDOutlineItem below = new PDOutlineItem();
                below.setTitle("Nowhere on the page");
                item.addLast(below);
            }
            document.save(file.toFile());
        }
        return file;
    }

    /** Every page shows the same drawing, of so many lines that reading the page takes some milliseconds. */
    public static Path pdfOfDrawings(Path file, int pages) throws IOException {
        StringBuilder drawing = new StringBuilder("BT /F1 12 Tf 72 700 Td (A survey of the river.) Tj ET\n");
        for (int i = 0; i < 20_000; i++) {
            drawing.append(72 + i % 400).append(' ').append(72 + i * 7 % 600).append(i == 0 ? " m\n" : " l\n");
        }
        drawing.append("S\n");
        try (PDDocument document = new PDDocument()) {
            PDStream shared = new PDStream(
                    document,
                    new ByteArrayInputStream(drawing.toString().getBytes(StandardCharsets.US_ASCII)),
                    COSName.FLATE_DECODE);
            PDResources resources = new PDResources();
            resources.put(COSName.getPDFName("F1"), new PDType1Font(Standard14Fonts.FontName.HELVETICA));
            for (int i = 0; i < pages; i++) {
                PDPage page = new PDPage();
                page.setContents(shared);
                page.setResources(resources);
                document.addPage(page);
            }
            document.save(file.toFile());
        }
        return file;
    }

    public static Path encryptedPdf(Path file) throws IOException {
        try (PDDocument document = pdfOf(1)) {
            StandardProtectionPolicy policy = new StandardProtectionPolicy("owner", "user", new AccessPermission());
            policy.setEncryptionKeyLength(128);
            document.protect(policy);
            document.save(file.toFile());
        }
        return file;
    }

    public static Path encryptedDocx(Path file) throws IOException {
        Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
        encryptor.confirmPassword("open sesame");
        try (POIFSFileSystem container = new POIFSFileSystem();
                OutputStream out = Files.newOutputStream(file)) {
            try (XWPFDocument document = new XWPFDocument();
                    OutputStream encrypted = encryptor.getDataStream(container)) {
                document.createParagraph().createRun().setText("Nobody reads this.");
                document.write(encrypted);
            }
            container.writeFilesystem(out);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return file;
    }

    public static Path imageOnlyPdf(Path file) throws IOException {
        BufferedImage image = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.ORANGE);
        graphics.fillRect(5, 5, 50, 30);
        graphics.dispose();
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(LosslessFactory.createFromImage(document, image), 50, 600);
            }
            document.save(file.toFile());
        }
        return file;
    }

    public static Path docx(Path file, int paragraphs) throws IOException {
        try (XWPFDocument document = new XWPFDocument();
                OutputStream out = Files.newOutputStream(file)) {
            for (int i = 1; i <= paragraphs; i++) {
                document.createParagraph().createRun().setText("Paragraph " + i + " of the plan.");
            }
            document.write(out);
        }
        return file;
    }

    public static Path pptx(Path file, String... slides) throws IOException {
        try (XMLSlideShow show = new XMLSlideShow();
                OutputStream out = Files.newOutputStream(file)) {
            for (String text : slides) {
                XSLFSlide slide = show.createSlide();
                if (!text.isEmpty()) {
                    slide.createTextBox().setText(text);
                }
            }
            show.write(out);
        }
        return file;
    }

    public static Path truncated(Path whole, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    /** Of no known format, the same at every call. */
    public static Path noise(Path file) throws IOException {
        byte[] noise = new byte[4_096];
        new Random(7).nextBytes(noise);
        return Files.write(file, noise);
    }

    /** One entry of repeated text: a thousand times smaller than what it becomes. */
    public static Path zipBomb(Path file, int mebibytes) throws IOException {
        byte[] line = "all work and no play makes a dull boy\n".repeat(1 << 15).getBytes(StandardCharsets.UTF_8);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("bomb.txt"));
            for (long written = 0; written < (long) mebibytes << 20; written += line.length) {
                zip.write(line);
            }
        }
        return file;
    }

    public static Path nestedZip(Path file, int levels) throws IOException {
        byte[] content = "the innermost text".getBytes(StandardCharsets.UTF_8);
        String name = "inner.txt";
        for (int i = 0; i < levels; i++) {
            content = zip(name, content);
            name = "level" + i + ".zip";
        }
        return Files.write(file, content);
    }

    public static Path zipOfMany(Path file, int entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 1; i <= entries; i++) {
                zip.putNextEntry(new ZipEntry("note" + i + ".txt"));
                zip.write(("note number " + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    /** Two entries of text, each under a password. */
    public static Path encryptedZip(Path file) throws IOException {
        return EncryptedZip.write(
                file,
                List.of(
                        new EncryptedZip.Entry("salaries.txt", "Nobody reads this.", true),
                        new EncryptedZip.Entry("bonuses.txt", "Nor this.", true)));
    }

    /** Random letters, so that a half of its bytes is a half of its entries. */
    public static Path zipOfLetters(Path file, int entries) throws IOException {
        Random random = new Random(11);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 1; i <= entries; i++) {
                zip.putNextEntry(new ZipEntry("letters" + i + ".txt"));
                byte[] letters = new byte[4_096];
                for (int j = 0; j < letters.length; j++) {
                    letters[j] = (byte) (random.nextInt(6) == 0 ? ' ' : 'a' + random.nextInt(26));
                }
                zip.write(letters);
            }
        }
        return file;
    }

    public static Path emptyZip(Path file) throws IOException {
        return zipOfMany(file, 0);
    }

    public static Path text(Path file, int mebibytes) throws IOException {
        byte[] line = "The quick brown fox jumps over the lazy dog, again and again.\n"
                .repeat(1 << 14)
                .getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < (long) mebibytes << 20; written += line.length) {
                out.write(line);
            }
        }
        return file;
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static PDDocument pdfOf(int pages) throws IOException {
        PDDocument document = new PDDocument();
        PDFont font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
        for (int number = 1; number <= pages; number++) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(font, 12);
                content.newLineAtOffset(72, 700);
                content.showText("This is page number " + number + ".");
                content.endText();
            }
        }
        return document;
    }
}
