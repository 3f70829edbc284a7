package io.palimpsest.ingest.extract.fork;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.txt.Icu4jEncodingDetector;
import org.jspecify.annotations.Nullable;

/** Byte order mark, declared charset, then {@link TextCharset}; Tika's own detectors decide what is left. */
public final class TextCharsetDetector implements EncodingDetector {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int SAMPLE_BYTES = 1 << 18;
    /** So many letters outside of ASCII tell the western charsets apart. Arbitrary. */
    private static final int ENOUGH_ACCENTS = 50;

    private static final Set<String> OTHER_WESTERN =
            Set.of("windows-1250", "ISO-8859-2", "windows-1254", "ISO-8859-9", "windows-1257");

    @Override
    public @Nullable Charset detect(@Nullable InputStream input, Metadata metadata) throws IOException {
        if (input == null) {
            return null;
        }
        byte[] sample = sample(input);
        Charset marked = marked(sample);
        if (marked != null) {
            return marked;
        }
        Charset declared = declared(metadata);
        if (declared != null) {
            return declared;
        }
        Charset seen = TextCharset.of(sample);
        return TextCharset.WINDOWS_1252.equals(seen) ? western(input, metadata, sample) : seen;
    }

    private static byte[] sample(InputStream input) throws IOException {
        input.mark(SAMPLE_BYTES);
        try {
            return input.readNBytes(SAMPLE_BYTES);
        } finally {
            input.reset();
        }
    }

    private static @Nullable Charset marked(byte[] sample) {
        int first = sample.length < 2 ? 0 : ((sample[0] & 0xFF) << 8) | (sample[1] & 0xFF);
        return switch (first) {
            case 0xFEFF -> StandardCharsets.UTF_16BE;
            case 0xFFFE -> StandardCharsets.UTF_16LE;
            case 0xEFBB -> StandardCharsets.UTF_8;
            default -> null;
        };
    }

    private static @Nullable Charset declared(Metadata metadata) {
        MediaType type = MediaType.parse(metadata.get(Metadata.CONTENT_TYPE));
        String name = type == null ? null : type.getParameters().get("charset");
        try {
            return name == null || !Charset.isSupported(name) ? null : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Polish, Czech, Hungarian, Turkish look western too, and statistics know them once there is enough. */
    private static Charset western(InputStream input, Metadata metadata, byte[] sample) throws IOException {
        int accents = 0;
        for (byte b : sample) {
            accents += b < 0 ? 1 : 0;
        }
        Charset guessed = accents < ENOUGH_ACCENTS ? null : new Icu4jEncodingDetector().detect(input, metadata);
        return guessed != null && OTHER_WESTERN.contains(guessed.name()) ? guessed : TextCharset.WINDOWS_1252;
    }
}
