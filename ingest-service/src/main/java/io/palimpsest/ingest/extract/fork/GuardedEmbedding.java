package io.palimpsest.ingest.extract.fork;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.util.Objects;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.tika.exception.CorruptedFileException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.extractor.EmbeddedDocumentExtractorFactory;
import org.apache.tika.extractor.ParsingEmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.ParseRecord;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Lets embedded documents follow their container, within the container's budget, each in an element with its name. */
public final class GuardedEmbedding implements EmbeddedDocumentExtractorFactory {
    /** Class of the {@code div} around an embedded document; its {@code title} is the name. */
    public static final String EMBEDDED_CLASS = "palimpsest-embedded";

    @Serial
    private static final long serialVersionUID = 1L;

    private static final String XHTML = "http://www.w3.org/1999/xhtml";

    @Override
    public EmbeddedDocumentExtractor newInstance(Metadata metadata, ParseContext context) {
        return new Following(context, Objects.requireNonNull(context.get(Budget.class), "no budget was opened"));
    }

    private static final class Following extends ParsingEmbeddedDocumentExtractor {
        private final Budget budget;

        Following(ParseContext context, Budget budget) {
            super(context);
            this.budget = budget;
            setWriteFileNameToContent(false);
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
                throws SAXException, IOException {
            boolean inZip = budget.isInZip();
            budget.enter(metadata);
            try {
                String name = metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY);
                AttributesImpl attributes = new AttributesImpl();
                attributes.addAttribute("", "class", "class", "CDATA", EMBEDDED_CLASS);
                attributes.addAttribute("", "title", "title", "CDATA", displayName(name));
                handler.startElement(XHTML, "div", "div", attributes);
                parse(stream, handler, metadata, inZip);
                handler.endElement(XHTML, "div", "div");
            } finally {
                budget.leave();
            }
            budget.failIfBreached();
        }

        /** What is broken in one entry of a ZIP says nothing of the others; elsewhere the next part cannot be found. */
        private void parse(InputStream stream, ContentHandler handler, Metadata metadata, boolean inZip)
                throws SAXException, IOException {
            try {
                super.parseEmbedded(metered(stream), handler, metadata, false);
            } catch (IOException e) {
                ParseRecord record = context.get(ParseRecord.class);
                if (!inZip || record == null || e.getCause() instanceof CorruptedFileException) {
                    throw e;
                }
                record.addException(e);
            }
        }

        private static String displayName(@Nullable String name) {
            return name == null ? "" : name.replaceAll("[\\p{Cntrl}\\p{Cs}\\x{FFFE}\\x{FFFF}]", "");
        }

        /** A stream with an open container is read by random access, and its parts come back here one by one. */
        private InputStream metered(InputStream stream) {
            boolean opened = stream instanceof TikaInputStream tika && tika.getOpenContainer() != null;
            return opened ? stream : new MeteredStream(stream, budget);
        }
    }

    private static final class MeteredStream extends ProxyInputStream {
        private final Budget budget;

        MeteredStream(InputStream stream, Budget budget) {
            super(stream);
            this.budget = budget;
        }

        @Override
        protected void afterRead(int count) throws IOException {
            if (count > 0 && !budget.spendBytes(count)) {
                throw new IOException("expands beyond its budget");
            }
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(count);
            afterRead((int) Math.min(skipped, Integer.MAX_VALUE));
            return skipped;
        }
    }
}
