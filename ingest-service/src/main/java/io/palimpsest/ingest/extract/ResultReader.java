package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.ingest.extract.fork.DocumentRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.apache.tika.metadata.Metadata;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/** Reads what a parser process left behind; the XML parser resolves no entity and accepts no document type. */
final class ResultReader {
    private static final Map<String, String> NAMES = Map.of(
            "dc:creator", "author",
            "dc:language", "language",
            "dcterms:created", "created",
            "dcterms:modified", "modified",
            "xmpTPg:NPages", "pages",
            "Message-From", "from",
            "Message-To", "to");

    private final int maxChars;

    ResultReader(int maxChars) {
        this.maxChars = maxChars;
    }

    static Properties properties(Path key) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(key + ".properties"))) {
            properties.load(in);
        }
        return properties;
    }

    static String mediaType(Properties properties) {
        String type = properties.getProperty(Metadata.CONTENT_TYPE, "application/octet-stream");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip();
    }

    ExtractedDocument document(Path key, Properties properties, DocumentRequest request)
            throws IOException, SAXException {
        String mediaType = mediaType(properties);
        BlockWriter blocks = new BlockWriter(maxChars);
        String title = title(properties, mediaType);
        if (title != null && mediaType.equals("message/rfc822")) {
            blocks.prose(BlockKind.HEADING, 1, null, title);
        }
        try (InputStream in = Files.newInputStream(Path.of(key + ".xhtml"))) {
            XMLReader reader = hardenedReader();
            reader.setContentHandler(new XhtmlReader(blocks, shapeOf(mediaType, request)));
            reader.parse(new InputSource(in));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        NAMES.forEach((tika, ours) -> {
            String value = properties.getProperty(tika);
            if (value != null && !value.isBlank()) {
                metadata.put(ours, BlockWriter.inline(value));
            }
        });
        return new ExtractedDocument(title, mediaType, blocks.text(), blocks.blocks(), metadata);
    }

    private static @Nullable String title(Properties properties, String mediaType) {
        String title = properties.getProperty("dc:title", "");
        if (title.isBlank() && (mediaType.equals("message/rfc822") || mediaType.endsWith("ms-outlook"))) {
            title = properties.getProperty("dc:subject", "");
        }
        return title.isBlank() ? null : BlockWriter.inline(title);
    }

    private static XhtmlReader.Shape shapeOf(String mediaType, DocumentRequest request) {
        if (mediaType.equals("text/plain") && isDelimited(request)) {
            return XhtmlReader.Shape.DELIMITED;
        }
        if (mediaType.contains("sheet") || mediaType.contains("excel") || mediaType.equals("text/csv")) {
            return XhtmlReader.Shape.SHEET;
        }
        if (mediaType.equals("application/pdf")) {
            return XhtmlReader.Shape.PAGES;
        }
        return mediaType.endsWith("ms-outlook") ? XhtmlReader.Shape.LINES : XhtmlReader.Shape.PARAGRAPHS;
    }

    /** Tika takes short tables for plain text; their name and type say otherwise. */
    private static boolean isDelimited(DocumentRequest request) {
        String name = request.fileName().toLowerCase(Locale.ROOT);
        return name.endsWith(".csv")
                || name.endsWith(".tsv")
                || request.contentType().startsWith("text/csv")
                || request.contentType().startsWith("text/tab-separated-values");
    }

    private static XMLReader hardenedReader() throws SAXException {
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setXIncludeAware(false);
            return factory.newSAXParser().getXMLReader();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own XML parser lacks a feature that it documents", e);
        }
    }
}
