package io.palimpsest.ingest.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Does inside the fork what the file says: hang, take all memory, die, or fail with the text in its message. */
public final class MisbehavingParser implements Parser {
    private static final long serialVersionUID = 1L;

    @Override
    public Set<MediaType> getSupportedTypes(ParseContext context) {
        return Set.of(MediaType.application("x-palimpsest-misbehaving"));
    }

    @Override
    public void parse(InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
            throws IOException, SAXException, TikaException {
        String[] words = new String(stream.readAllBytes(), StandardCharsets.UTF_8).split(" ", 2);
        switch (words[0]) {
            case "hang" -> hang();
            case "oom" -> takeAllMemory();
            case "exit" -> Runtime.getRuntime().halt(42);
            case "exit-once" -> exitOnce(Path.of(words[1]));
            case "fail" -> throw new TikaException(words[1]);
            case "overflow" -> overflow(1);
            default -> throw new TikaException("unknown word");
        }
        XHTMLContentHandler xhtml = new XHTMLContentHandler(handler, metadata);
        xhtml.startDocument();
        xhtml.element("p", "survived");
        xhtml.endDocument();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void takeAllMemory() {
        List<byte[]> taken = new ArrayList<>();
        while (!taken.contains(new byte[0])) {
            taken.add(new byte[8 << 20]);
        }
    }

    private static void exitOnce(Path mark) throws IOException {
        if (!Files.exists(mark)) {
            Files.createFile(mark);
            Runtime.getRuntime().halt(42);
        }
    }

    private static long overflow(long depth) {
        return depth < 0 ? depth : depth + overflow(depth + 1) * 2;
    }
}
