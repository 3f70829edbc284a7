package io.palimpsest.ingest.work;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Gives a document's own text back, at once or when a test lets it go; counts how often it was asked for each text. */
final class FakeExtractor implements Extracting {
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

    /** Extractions of this text last until {@link #letGo}. */
    void hold(String text) {
        held.put(text, new CountDownLatch(1));
    }

    void letGo(String text) {
        CountDownLatch latch = held.remove(text);
        if (latch != null) {
            latch.countDown();
        }
    }

    int begun(String text) {
        return begun.getOrDefault(text, new AtomicInteger()).get();
    }

    @Override
    public ExtractorFingerprint fingerprint() {
        return new ExtractorFingerprint("fake-1");
    }

    @Override
    public ExtractionOutcome extract(Path file, @Nullable String contentType, @Nullable String fileName) {
        try {
            String text = Files.readString(file);
            begun.computeIfAbsent(text, unused -> new AtomicInteger()).incrementAndGet();
            CountDownLatch latch = held.get(text);
            if (latch != null) {
                latch.await();
            }
            List<Block> blocks = List.of(Block.of(BlockKind.PARAGRAPH, 0, text.length()));
            return new ExtractionOutcome.Extracted(new ExtractedDocument(null, "text/plain", text, blocks, Map.of()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ExtractionOutcome.Failed(ErrorCode.EXTRACT_CRASHED, "interrupted", true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
