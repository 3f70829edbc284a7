package io.palimpsest.standalone;

import io.palimpsest.testkit.document.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents that cannot be read, each for a reason of its own. */
enum BadDocuments {
    ENCRYPTED_PDF("locked.pdf"),
    ENCRYPTED_DOCX("locked.docx"),
    ENCRYPTED_ZIP("locked.zip"),
    TRUNCATED_PDF("half.pdf"),
    TRUNCATED_ZIP("half.zip"),
    EMPTY_ZIP("empty.zip"),
    EMPTY_FILE("empty.txt"),
    IMAGE_ONLY_PDF("scan.pdf"),
    NO_KNOWN_FORMAT("noise.bin"),
    ZIP_BOMB("bomb.zip");

    private final String fileName;

    BadDocuments(String fileName) {
        this.fileName = fileName;
    }

    Path in(Path folder) throws IOException {
        Path file = folder.resolve(fileName);
        return switch (this) {
            case ENCRYPTED_PDF -> Documents.encryptedPdf(file);
            case ENCRYPTED_DOCX -> Documents.encryptedDocx(file);
            case TRUNCATED_PDF -> Documents.truncated(Documents.pdf(file, 20), file);
            case ENCRYPTED_ZIP -> Documents.encryptedZip(file);
            case TRUNCATED_ZIP -> Documents.truncated(Documents.zipOfLetters(file, 20), file);
            case EMPTY_ZIP -> Documents.emptyZip(file);
            case EMPTY_FILE -> Files.createFile(file);
            case IMAGE_ONLY_PDF -> Documents.imageOnlyPdf(file);
            case NO_KNOWN_FORMAT -> Documents.noise(file);
            case ZIP_BOMB -> Documents.zipBomb(file, 18);
        };
    }
}
