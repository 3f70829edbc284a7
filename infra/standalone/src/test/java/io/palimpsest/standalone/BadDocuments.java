package io.palimpsest.standalone;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/** Documents that cannot be read, each for a reason of its own; written by the libraries of their formats. */
enum BadDocuments {
    ENCRYPTED_PDF("locked.pdf") {
        @Override
        void write(Path file) throws IOException {
            try (PDDocument document = pages(1)) {
                StandardProtectionPolicy policy = new StandardProtectionPolicy("owner", "user", new AccessPermission());
                policy.setEncryptionKeyLength(128);
                document.protect(policy);
                document.save(file.toFile());
            }
        }
    },
    ENCRYPTED_DOCX("locked.docx") {
        @Override
        void write(Path file) throws IOException {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("open sesame");
            try (POIFSFileSystem container = new POIFSFileSystem();
                    OutputStream out = Files.newOutputStream(file)) {
                try (XWPFDocument document = new XWPFDocument();
                        OutputStream sealed = encryptor.getDataStream(container)) {
                    document.createParagraph().createRun().setText("Nobody reads this.");
                    document.write(sealed);
                }
                container.writeFilesystem(out);
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }
    },
    TRUNCATED_PDF("half.pdf") {
        @Override
        void write(Path file) throws IOException {
            try (PDDocument document = pages(20)) {
                document.save(file.toFile());
            }
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        }
    },
    EMPTY_FILE("empty.txt") {
        @Override
        void write(Path file) throws IOException {
            Files.createFile(file);
        }
    },
    IMAGE_ONLY_PDF("scan.pdf") {
        @Override
        void write(Path file) throws IOException {
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
        }
    },
    NO_KNOWN_FORMAT("noise.bin") {
        @Override
        void write(Path file) throws IOException {
            byte[] noise = new byte[4_096];
            new Random(7).nextBytes(noise);
            Files.write(file, noise);
        }
    },
    ZIP_BOMB("bomb.zip") {
        @Override
        void write(Path file) throws IOException {
            byte[] line =
                    "all work and no play makes a dull boy\n".repeat(1 << 15).getBytes(StandardCharsets.UTF_8);
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry("bomb.txt"));
                for (int written = 0; written < 18 << 20; written += line.length) {
                    zip.write(line);
                }
            }
        }
    };

    private final String fileName;

    BadDocuments(String fileName) {
        this.fileName = fileName;
    }

    abstract void write(Path file) throws IOException;

    Path in(Path folder) throws IOException {
        Path file = folder.resolve(fileName);
        write(file);
        return file;
    }

    private static PDDocument pages(int count) throws IOException {
        PDDocument document = new PDDocument();
        for (int number = 1; number <= count; number++) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(72, 700);
                content.showText("This is page number " + number + ".");
                content.endText();
            }
        }
        return document;
    }
}
