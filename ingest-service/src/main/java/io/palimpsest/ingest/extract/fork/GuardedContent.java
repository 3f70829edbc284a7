package io.palimpsest.ingest.extract.fork;

import java.io.Serial;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.ContentHandlerDecoratorFactory;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Opens the budget of each container at the start of its parse, and counts the characters that come out. */
public final class GuardedContent implements ContentHandlerDecoratorFactory {
    @Serial
    private static final long serialVersionUID = 1L;

    private int maxDepth = 1;
    private int maxEmbedded = 1;
    private int maxExpansionRatio = 1;

    public void setMaxDepth(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    public void setMaxEmbedded(int maxEmbedded) {
        this.maxEmbedded = maxEmbedded;
    }

    public void setMaxExpansionRatio(int maxExpansionRatio) {
        this.maxExpansionRatio = maxExpansionRatio;
    }

    @Override
    public ContentHandler decorate(ContentHandler handler, Metadata metadata, ParseContext context) {
        String length = metadata.get(Metadata.CONTENT_LENGTH);
        long containerBytes = length == null ? 0 : Long.parseLong(length);
        Budget budget =
                new Budget(metadata, containerBytes, new BudgetLimits(maxDepth, maxEmbedded, maxExpansionRatio));
        context.set(Budget.class, budget);
        return new Counting(handler, budget);
    }

    private static final class Counting extends WellFormed {
        private final Budget budget;
        /** Open elements of an entry's name that an archive writes in place of what it cannot read. */
        private int hidden;

        Counting(ContentHandler handler, Budget budget) {
            super(handler);
            this.budget = budget;
        }

        @Override
        public void startElement(String uri, String localName, String name, Attributes attributes) throws SAXException {
            if (hidden > 0 || (localName.equals("p") && budget.isInArchive())) {
                hidden++;
                return;
            }
            super.startElement(uri, localName, name, attributes);
        }

        @Override
        public void endElement(String uri, String localName, String name) throws SAXException {
            if (hidden > 0) {
                hidden--;
                return;
            }
            super.endElement(uri, localName, name);
        }

        @Override
        public void characters(char[] chars, int start, int length) throws SAXException {
            budget.spendCharacters(length);
            if (hidden == 0) {
                super.characters(chars, start, length);
            }
        }

        @Override
        public void endDocument() throws SAXException {
            budget.failIfBreached();
            super.endDocument();
        }
    }
}
