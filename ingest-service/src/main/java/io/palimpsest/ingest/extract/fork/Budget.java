package io.palimpsest.ingest.extract.fork;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.xml.sax.SAXException;

/**
 * What one document may cost inside the fork: depth, count and expansion of what is embedded in it.
 *
 * <p>A breach is written to the container's metadata before it is thrown, because parsers of containers swallow the
 * exceptions of what they contain; once breached, every later step fails too.
 *
 * <p>Threading: one parse, one thread.
 */
final class Budget {
    static final String BREACH = "palimpsest:breach";

    /** Below this many bytes or characters an expansion is never suspicious; arbitrary, far under any heap. */
    private static final long EXPANSION_FLOOR = 8L << 20;

    private final Metadata container;
    private final long containerBytes;
    private final BudgetLimits limits;
    /** The documents being read, the innermost first; the container is not among them. */
    private final Deque<Metadata> parts = new ArrayDeque<>();

    private int embedded;
    private long expandedBytes;
    private long characters;

    Budget(Metadata container, long containerBytes, BudgetLimits limits) {
        this.container = container;
        this.containerBytes = containerBytes;
        this.limits = limits;
    }

    void enter(Metadata part) throws SAXException {
        failIfBreached();
        if (++embedded > limits.maxEmbedded()) {
            throw breach("EXTRACT_TOO_MANY_EMBEDDED");
        }
        parts.push(part);
        if (parts.size() > limits.maxDepth()) {
            throw breach("EXTRACT_NESTING_TOO_DEEP");
        }
    }

    /** Takes back what {@link #enter} did, and tells the container what was not readable in the part. */
    void leave() {
        Metadata part = parts.pop();
        for (String trace : part.getValues(TikaCoreProperties.TIKA_META_EXCEPTION_EMBEDDED_STREAM)) {
            container.add(TikaCoreProperties.TIKA_META_EXCEPTION_EMBEDDED_STREAM, trace);
        }
    }

    /** Whether what is being read is an archive, which has no text but that of its parts. */
    boolean isInArchive() {
        return Arrays.stream(innermost().getValues(TikaCoreProperties.TIKA_PARSED_BY))
                .anyMatch(parser -> parser.endsWith(".PackageParser"));
    }

    /** Whether what is being read is a ZIP, whose entries are found without reading those before them. */
    boolean isInZip() {
        return "application/zip".equals(innermost().get(Metadata.CONTENT_TYPE));
    }

    /** @return whether these bytes are still within the expansion that the container may have */
    boolean spendBytes(long bytes) {
        expandedBytes += bytes;
        return within(expandedBytes) || !record("EXTRACT_EXPANSION_TOO_HIGH");
    }

    void spendCharacters(int count) throws SAXException {
        characters += count;
        if (!within(characters)) {
            throw breach("EXTRACT_EXPANSION_TOO_HIGH");
        }
    }

    void failIfBreached() throws SAXException {
        String breach = container.get(BREACH);
        if (breach != null) {
            throw new SAXException(breach);
        }
    }

    private Metadata innermost() {
        Metadata part = parts.peek();
        return part == null ? container : part;
    }

    private boolean within(long expanded) {
        return expanded <= EXPANSION_FLOOR || expanded / limits.maxExpansionRatio() <= containerBytes;
    }

    private SAXException breach(String code) {
        record(code);
        return new SAXException(code);
    }

    private boolean record(String code) {
        if (container.get(BREACH) == null) {
            container.set(BREACH, code);
        }
        return true;
    }
}
