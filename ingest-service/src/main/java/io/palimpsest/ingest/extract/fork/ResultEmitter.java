package io.palimpsest.ingest.extract.fork;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.pipes.emitter.AbstractEmitter;
import org.apache.tika.pipes.emitter.EmitData;

/**
 * Writes a result beside the document instead of sending it through the pipe: {@code KEY.xhtml}, UTF-8, and
 * {@code KEY.properties} with selected metadata.
 */
public final class ResultEmitter extends AbstractEmitter {
    /** Metadata names that are kept; everything else stays in the fork. */
    static final List<String> KEPT = List.of(
            Metadata.CONTENT_TYPE,
            "dc:title",
            "dc:subject",
            "dc:creator",
            "dc:language",
            "dcterms:created",
            "dcterms:modified",
            "xmpTPg:NPages",
            "Message-From",
            "Message-To",
            Budget.BREACH);

    /** Property with the name of the error code of a limit that was crossed. */
    public static final String BREACH = Budget.BREACH;

    /** Property with the last parser that Tika chose. */
    public static final String PARSED_BY = "parsed-by";

    /** Begin of the names of properties that tell, one by one, why a part of the document was not read. */
    public static final String UNREAD = "unread.";

    private static final int MAX_UNREAD = 1_000;
    private static final int MAX_VALUE_CHARS = 1_000;

    @Override
    public void emit(String key, List<Metadata> metadataList, ParseContext context) throws IOException {
        Metadata metadata = metadataList.get(0);
        try (Writer xhtml = Files.newBufferedWriter(Path.of(key + ".xhtml"), StandardCharsets.UTF_8)) {
            String content = metadata.get(TikaCoreProperties.TIKA_CONTENT);
            if (content != null) {
                xhtml.write(content);
            }
        }
        Properties kept = new Properties();
        for (String name : KEPT) {
            String value = metadata.get(name);
            if (value != null) {
                kept.setProperty(name, value.substring(0, Math.min(value.length(), MAX_VALUE_CHARS)));
            }
        }
        String[] parsers = metadata.getValues(TikaCoreProperties.TIKA_PARSED_BY);
        kept.setProperty(PARSED_BY, parsers.length == 0 ? "" : parsers[parsers.length - 1]);
        keepUnread(metadata, kept);
        try (OutputStream out = Files.newOutputStream(Path.of(key + ".properties"))) {
            kept.store(out, null);
        }
    }

    /** A part without a byte is read when nothing is. */
    private static void keepUnread(Metadata metadata, Properties kept) {
        List<String> told = Stream.of(
                        TikaCoreProperties.EMBEDDED_EXCEPTION, TikaCoreProperties.TIKA_META_EXCEPTION_EMBEDDED_STREAM)
                .flatMap(name -> Arrays.stream(metadata.getValues(name)))
                .filter(trace -> !trace.contains("ZeroByteFileException"))
                .limit(MAX_UNREAD)
                .toList();
        for (int i = 0; i < told.size(); i++) {
            kept.setProperty(UNREAD + i, withoutFrames(told.get(i)));
        }
    }

    private static String withoutFrames(String trace) {
        String told = trace.lines().filter(line -> !line.startsWith("\tat ")).collect(Collectors.joining("\n"));
        return told.substring(0, Math.min(told.length(), MAX_VALUE_CHARS));
    }

    @Override
    public void emit(List<? extends EmitData> emitData) throws IOException {
        for (EmitData data : emitData) {
            emit(data.getEmitKey().getEmitKey(), data.getMetadataList(), new ParseContext());
        }
    }
}
