package io.palimpsest.ingest.extract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells when a file is not what its format promises, although a lenient parser made some text of it. */
final class FormatCheck {
    /** By ending: a part of the media types that such a file is read as. */
    private static final Map<String, String> PART = Map.ofEntries(
            Map.entry("pdf", "pdf"),
            Map.entry("docx", "word"),
            Map.entry("xlsx", "sheet"),
            Map.entry("pptx", "presentation"),
            Map.entry("odt", "opendocument"),
            Map.entry("ods", "opendocument"),
            Map.entry("odp", "opendocument"),
            Map.entry("epub", "epub"));

    /** What a broken file of these formats is taken for. */
    private static final Set<String> FALLBACKS =
            Set.of("text/plain", "application/zip", "application/octet-stream", "application/x-tika-ooxml");

    /** Readers look for the end mark in the last 1,024 bytes; some writers append more than that. */
    private static final int PDF_TAIL_BYTES = 4_096;

    /** APPNOTE.TXT 4.3.16: the end record is 22 bytes and a comment of at most 65,535. */
    private static final int ZIP_TAIL_BYTES = 22 + 65_535;

    private static final String ZIP_END = "PK\005\006";

    private FormatCheck() {}

    /** Null where nothing speaks against it, else what does. */
    static @Nullable String complaint(Path file, String fileName, String mediaType) throws IOException {
        if (contradicts(fileName, mediaType)) {
            return "not what its name says, but " + mediaType;
        }
        boolean whole = switch (mediaType) {
            case "application/pdf" -> endsLikePdf(file);
            case "application/zip" -> endsLikeZip(file);
            default -> true;
        };
        return whole ? null : "the end of the file is missing";
    }

    /** A PDF's index is at its end: without it a parser guesses, and pages are lost unseen. */
    private static boolean endsLikePdf(Path file) throws IOException {
        String end = end(file, PDF_TAIL_BYTES);
        return end.contains("%%EOF") || end.contains("startxref");
    }

    /** A ZIP's directory is at its end: without it the entries that were cut off are not missed. */
    private static boolean endsLikeZip(Path file) throws IOException {
        return end(file, ZIP_TAIL_BYTES).contains(ZIP_END);
    }

    private static String end(Path file, int bytes) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(0, channel.size() - bytes));
            ByteBuffer tail = ByteBuffer.allocate(bytes);
            while (tail.hasRemaining() && channel.read(tail) >= 0) {
                // read on
            }
            return new String(tail.array(), 0, tail.position(), StandardCharsets.ISO_8859_1);
        }
    }

    private static boolean contradicts(String fileName, String mediaType) {
        int dot = fileName.lastIndexOf('.');
        String part = PART.get(fileName.substring(dot + 1).toLowerCase(Locale.ROOT));
        return part != null && !mediaType.contains(part) && FALLBACKS.contains(mediaType);
    }
}
