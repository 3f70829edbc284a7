package io.palimpsest.ingest.work;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Gives a document's own text back, at once or when a test lets it go; counts how often it was asked for each text. */
final class FakeExtractor implements Extracting {
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Map<String, Integer> storeFailures = new ConcurrentHashMap<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** Extractions of this text last until {@link #letGo}. */
    void hold(String text) {
        held.put(text, new CountDownLatch(1));
    }

    /** Extractions of this text end in an Error. */
    void breakAt(String text) {
        broken.add(text);
    }

    /** So many extractions of this text find no content store. */
    void storeFails(String text, int times) {
        storeFailures.put(text, times);
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
            int time =
                    begun.computeIfAbsent(text, unused -> new AtomicInteger()).incrementAndGet();
            if (broken.contains(text)) {
                throw new LinkageError("broken by a test");
            }
            if (time <= storeFailures.getOrDefault(text, 0)) {
                throw new PalimpsestException(ErrorCode.STORE_FAILED, "away for a test");
            }
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
