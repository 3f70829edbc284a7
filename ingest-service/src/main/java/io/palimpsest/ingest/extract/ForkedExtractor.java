package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.ingest.extract.ExtractionOutcome.Empty;
import io.palimpsest.ingest.extract.ExtractionOutcome.Extracted;
import io.palimpsest.ingest.extract.ExtractionOutcome.Failed;
import io.palimpsest.ingest.extract.fork.DocumentRequest;
import io.palimpsest.ingest.extract.fork.ResultEmitter;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.tika.Tika;
import org.apache.tika.pipes.PipesResult;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/**
 * Extracts documents in parser processes of its own: a document that hangs, exhausts memory or kills its parser harms
 * no other. Small and large documents have lanes of their own. Markdown is text already and is read here, unless there is
 * so much of it that it needs a parser process's limits: then it is read as plain text.
 *
 * <p>Threading: any number of threads; as many documents at a time as there are processes.
 *
 * <p>Failure: never throws for a document; a parser process that dies is tried once more in a fresh one.
 */
public final class ForkedExtractor implements AutoCloseable {
    /** Raised whenever the same XHTML would give other blocks. */
    private static final String BLOCKS_VERSION = "3";

    private final ExtractLimits limits;
    private final Function<String, ExtractedDocument> markdown;
    private final FailureClassifier failures;
    private final ResultReader results;
    private final ForkLane small;
    private final ForkLane large;
    private final ExtractorFingerprint fingerprint;
    private volatile boolean closed;

    /**
     * @param workDir private directory for configuration and results of the parser processes; made where absent
     * @param markdown reads Markdown source into blocks
     */
    public ForkedExtractor(
            ExtractLimits limits, Path workDir, Function<String, ExtractedDocument> markdown, ForkSettings settings) {
        this.limits = limits;
        this.markdown = markdown;
        this.failures = new FailureClassifier(limits);
        this.results = new ResultReader(limits.maxOutputChars());
        String config = ForkConfigXml.of(limits);
        ForkLane.Launch launch =
                launch(workDir.toAbsolutePath(), config, settings.extraClassPath(), limits.maxOutputChars());
        this.small =
                new ForkLane("small", settings.smallForks(), limits.heapMib(), limits.timeout(), Duration.ZERO, launch);
        this.large = new ForkLane(
                "large", settings.largeForks(), 2 * limits.heapMib(), limits.largeTimeout(), settings.idle(), launch);
        String settingsHash =
                ContentHash.ofText(config + limits + BLOCKS_VERSION).value().substring(0, 16);
        this.fingerprint = new ExtractorFingerprint(
                Tika.getString().toLowerCase(Locale.ROOT).replace(' ', '-') + "-" + settingsHash);
    }

    public ExtractorFingerprint fingerprint() {
        return fingerprint;
    }

    /**
     * @param file plain bytes in a private directory, which stays the caller's
     * @param declaredContentType from the event or the server: a hint
     * @param fileName a hint too; its ending counts
     */
    public ExtractionOutcome extract(Path file, @Nullable String declaredContentType, @Nullable String fileName) {
        try {
            long bytes = Files.size(file);
            if (bytes == 0) {
                return new Empty(mediaTypeOr(declaredContentType), "the file has no bytes");
            }
            if (bytes > limits.maxFileBytes()) {
                return new Failed(ErrorCode.FETCH_TOO_LARGE, bytes + " bytes, at most " + limits.maxFileBytes(), false);
            }
            if (isReadHere(bytes, declaredContentType, fileName)) {
                ExtractionOutcome read = readMarkdown(Files.readAllBytes(file), declaredContentType);
                if (read != null) {
                    return read;
                }
            }
            DocumentRequest request = new DocumentRequest(
                    file.toAbsolutePath().toString(),
                    declaredContentType == null ? "" : declaredContentType,
                    fileName == null ? "" : fileName);
            return bytes >= limits.largeFileBytes() ? inLane(large, request) : inSmallLane(request);
        } catch (IOException e) {
            return new Failed(ErrorCode.STORE_FAILED, "the working copy cannot be read", true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failed(ErrorCode.EXTRACT_CRASHED, "interrupted", true);
        }
    }

    /**
     * As {@link #extract} for what no parser process is asked for; empty for all else.
     *
     * @param bytes how many there are
     * @param content asked at most once
     */
    public Optional<ExtractionOutcome> extractInMemory(
            long bytes, Supplier<byte[]> content, @Nullable String declaredContentType, @Nullable String fileName) {
        return bytes > 0 && bytes <= limits.maxFileBytes() && isReadHere(bytes, declaredContentType, fileName)
                ? Optional.ofNullable(readMarkdown(content.get(), declaredContentType))
                : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        small.close();
        large.close();
    }

    /** What did not fit into the small heap gets one try in the large one. */
    private ExtractionOutcome inSmallLane(DocumentRequest request) throws IOException, InterruptedException {
        ExtractionOutcome outcome = inLane(small, request);
        boolean tooSmall = outcome instanceof Failed failed && failed.code() == ErrorCode.EXTRACT_OUT_OF_MEMORY;
        return tooSmall ? inLane(large, request) : outcome;
    }

    private ExtractionOutcome inLane(ForkLane lane, DocumentRequest request) throws IOException, InterruptedException {
        ParserFork fork = lane.take();
        try {
            ExtractionOutcome outcome = once(fork, lane, request);
            boolean died = outcome instanceof Failed failed && failed.code() == ErrorCode.EXTRACT_CRASHED;
            return died && !closed ? once(fork, lane, request) : outcome;
        } finally {
            lane.giveBack(fork);
        }
    }

    private ExtractionOutcome once(ParserFork fork, ForkLane lane, DocumentRequest request)
            throws IOException, InterruptedException {
        try {
            return read(fork.parse(request), fork.resultKey(), lane, request);
        } catch (RuntimeException e) {
            // The client of Tika's pipes throws bare RuntimeExceptions when a process does not start.
            return new Failed(ErrorCode.EXTRACT_CRASHED, "no parser process starts", true);
        } finally {
            fork.wipe();
        }
    }

    private ExtractionOutcome read(PipesResult result, Path key, ForkLane lane, DocumentRequest request)
            throws IOException {
        return switch (result.getStatus()) {
            case EMIT_SUCCESS -> success(key, request);
            case EMIT_SUCCESS_PARSE_EXCEPTION -> parseException(String.valueOf(result.getMessage()), key);
            case TIMEOUT -> failures.timeout(lane);
            case OOM -> failures.outOfMemory(lane);
            case UNSPECIFIED_CRASH ->
                new Failed(ErrorCode.EXTRACT_CRASHED, "the parser process ended twice without a result", closed);
            case FETCH_EXCEPTION -> new Failed(ErrorCode.STORE_FAILED, "the working copy cannot be read", true);
            default -> new Failed(ErrorCode.EXTRACT_CRASHED, "parser process: " + result.getStatus(), true);
        };
    }

    private ExtractionOutcome parseException(String trace, Path key) throws IOException {
        Properties properties = ResultReader.properties(key);
        String breach = properties.getProperty(ResultEmitter.BREACH);
        if (breach != null) {
            return failures.breach(breach);
        }
        String mediaType = ResultReader.mediaType(properties);
        Failed failed = failures.parseException(trace, mediaType);
        return failed == null ? new Empty(mediaType, "the file has no bytes") : failed;
    }

    private ExtractionOutcome success(Path key, DocumentRequest request) throws IOException {
        Properties properties = ResultReader.properties(key);
        String breach = properties.getProperty(ResultEmitter.BREACH);
        if (breach != null) {
            return failures.breach(breach);
        }
        String mediaType = ResultReader.mediaType(properties);
        String complaint = FormatCheck.complaint(Path.of(request.path()), request.fileName(), mediaType);
        if (complaint != null) {
            return new Failed(ErrorCode.EXTRACT_CORRUPT, complaint, false);
        }
        try {
            UnreadParts unread = UnreadParts.of(properties);
            ExtractedDocument document = results.document(key, properties, request);
            if (!document.isEmpty()) {
                return new Extracted(unread.isEmpty() ? document : document.withUnread(unread.text()));
            }
            if (!unread.isEmpty()) {
                return new Failed(unread.code(), unread.text(), false);
            }
            return properties.getProperty(ResultEmitter.PARSED_BY, "").endsWith("EmptyParser")
                    ? new Failed(ErrorCode.EXTRACT_UNSUPPORTED_TYPE, "no parser for " + mediaType, false)
                    : new Empty(mediaType, "read as " + mediaType + ", which holds no text");
        } catch (BlockWriter.TextTooLongException e) {
            return failures.breach(ErrorCode.EXTRACT_OUTPUT_TOO_LARGE.name());
        } catch (SAXException e) {
            return new Failed(ErrorCode.EXTRACT_CORRUPT, "the parser's output is not XML", false);
        }
    }

    /** Null where there is more of it than is read in this process. */
    private @Nullable ExtractionOutcome readMarkdown(byte[] bytes, @Nullable String contentType) {
        String source = TextDecoder.decode(bytes, contentType);
        if (source.length() > limits.maxOutputChars()) {
            return failures.breach(ErrorCode.EXTRACT_OUTPUT_TOO_LARGE.name());
        }
        try {
            ExtractedDocument document = markdown.apply(source);
            return document.isEmpty() ? new Empty("text/markdown", "only white space") : new Extracted(document);
        } catch (PalimpsestException e) {
            return e.code() == ErrorCode.EXTRACT_OUTPUT_TOO_LARGE
                    ? null
                    : new Failed(e.code(), String.valueOf(e.getMessage()), false);
        } catch (StackOverflowError e) {
            return new Failed(ErrorCode.EXTRACT_NESTING_TOO_DEEP, "Markdown that its reader cannot follow", false);
        }
    }

    private static boolean isReadHere(long bytes, @Nullable String contentType, @Nullable String fileName) {
        return bytes <= 4L * MarkdownBlocks.MAX_CHARS && isMarkdown(contentType, fileName);
    }

    private static boolean isMarkdown(@Nullable String contentType, @Nullable String fileName) {
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        String name = fileName == null ? "" : fileName.toLowerCase(Locale.ROOT);
        return type.startsWith("text/markdown")
                || type.startsWith("text/x-markdown")
                || name.endsWith(".md")
                || name.endsWith(".markdown");
    }

    private static String mediaTypeOr(@Nullable String declared) {
        return declared == null ? "application/octet-stream" : declared;
    }

    private static ForkLane.Launch launch(Path workDir, String config, List<Path> extraClassPath, int maxOutputChars) {
        try {
            Files.createDirectories(workDir);
            Path tikaConfig = Files.writeString(workDir.resolve("tika-config.xml"), config);
            Path logging = Files.writeString(workDir.resolve("logging.properties"), "handlers=\n.level=OFF\n");
            List<Path> classPath = new ArrayList<>(ForkClassPath.ofRunningJvm());
            classPath.addAll(extraClassPath);
            return new ForkLane.Launch(workDir, tikaConfig, logging, classPath, maxOutputChars);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "not writable: " + workDir, e);
        }
    }
}
