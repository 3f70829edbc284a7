package io.palimpsest.ingest.extract.fork;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Makes well-formed XML of what parsers emit: some repeat an attribute, or leave elements open after a broken part. */
class WellFormed extends ContentHandlerDecorator {
    private final Deque<Open> open = new ArrayDeque<>();

    WellFormed(ContentHandler handler) {
        super(handler);
    }

    private record Open(String uri, String localName, String name) {}

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) throws SAXException {
        open.push(new Open(uri, localName, name));
        super.startElement(uri, localName, name, once(attributes));
    }

    @Override
    public void endElement(String uri, String localName, String name) throws SAXException {
        if (open.stream().noneMatch(element -> element.localName().equals(localName))) {
            return;
        }
        boolean closed = false;
        while (!closed) {
            closed = open.element().localName().equals(localName);
            closeInnermost();
        }
    }

    @Override
    public void endDocument() throws SAXException {
        while (!open.isEmpty()) {
            closeInnermost();
        }
        super.endDocument();
    }

    private void closeInnermost() throws SAXException {
        Open innermost = open.pop();
        super.endElement(innermost.uri(), innermost.localName(), innermost.name());
    }

    private static Attributes once(Attributes attributes) {
        AttributesImpl kept = new AttributesImpl();
        for (int i = 0; i < attributes.getLength(); i++) {
            if (kept.getIndex(attributes.getQName(i)) < 0) {
                kept.addAttribute(
                        attributes.getURI(i),
                        attributes.getLocalName(i),
                        attributes.getQName(i),
                        attributes.getType(i),
                        attributes.getValue(i));
            }
        }
        return kept;
    }
}
