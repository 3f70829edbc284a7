package io.palimpsest.ingest.extract;

import io.palimpsest.ingest.extract.fork.TextCharset;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bytes of a text format to characters: byte order mark, declared charset, UTF-8 where it looks like it, else windows-1252. */
final class TextDecoder {
    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([A-Za-z0-9._:-]+)");

    private TextDecoder() {}

    static String decode(byte[] bytes, @Nullable String contentType) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
        }
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16BE);
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16LE);
        }
        Charset declared = declaredIn(contentType);
        if (declared != null) {
            return new String(bytes, declared);
        }
        Charset seen = TextCharset.of(bytes);
        return new String(bytes, seen == null ? Charset.forName("windows-1252") : seen);
    }

    private static @Nullable Charset declaredIn(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        Matcher named = CHARSET.matcher(contentType.toLowerCase(Locale.ROOT));
        return named.find() && Charset.isSupported(named.group(1)) ? Charset.forName(named.group(1)) : null;
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        if (bytes.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
