package io.palimpsest.index.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.indexer.Throttle;
import io.palimpsest.index.passages.ListedDocument;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.verifier.manifest.DocumentTags;
import io.palimpsest.verifier.manifest.VrfKey;
import io.palimpsest.verifier.manifest.VrfSecret;
import io.palimpsest.verifier.merkle.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads a generation and writes its manifest, in memory that does not grow with it but for an eighth of a byte per passage.
 *
 * <p>Threading: one thread at a time. Failure: MANIFEST_FAILED with nothing left behind; those of the index.
 */
final class ManifestMaker {
    /** Outputs of the function, some 200 bytes each, that need not be computed again at a millisecond each. */
    private static final int KNOWN = 100_000;

    /** Between two pauses. Arbitrary. */
    private static final int STEP = 32;

    private final PassageIndex index;
    private final Supplier<VrfSecret> secret;
    private final Path folder;
    private final Throttle throttle;
    private final Cache<Hash, Hash> outputs =
            Caffeine.newBuilder().maximumSize(KNOWN).build();

    ManifestMaker(PassageIndex index, Supplier<VrfSecret> secret, Path folder, Throttle throttle) {
        this.index = index;
        this.secret = secret;
        this.folder = folder;
        this.throttle = throttle;
    }

    /** What was written. */
    record Made(long size, Hash root, String content, long bytes) {}

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("the manifest is not wanted any more", null, false, false);
        }
    }

    /**
     * @param file that it is written to
     * @param known content of the manifest before; where it is still that, none is made
     * @return empty where there is nothing new, or it was stopped
     */
    Optional<Made> make(GenerationId passages, Hash salt, Path file, String known, BooleanSupplier stop) {
        try {
            // Places cost a millisecond per document, and after a start none is known: first, whether anything is new.
            if (!known.isEmpty() && known.equals(content(passages, stop))) {
                return Optional.empty();
            }
            Files.createDirectories(folder);
            try (LeafSorter sorter = new LeafSorter(folder, LeafSorter.RUN)) {
                Leaves leaves = new Leaves(sorter, salt);
                read(passages, stop, leaves::add);
                return Optional.of(write(sorter, leaves.size, file, leaves.content.text()));
            }
        } catch (Stopped e) {
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            throw new PalimpsestException(
                    ErrorCode.MANIFEST_FAILED, "manifest " + file.getFileName() + " cannot be written: " + e, e);
        }
    }

    private Made write(LeafSorter sorter, long size, Path file, String content) throws IOException {
        try (ManifestWriter writer = new ManifestWriter(folder, size)) {
            sorter.sorted(writer);
            return new Made(size, writer.root(), content, writer.finish(file));
        }
    }

    private String content(GenerationId passages, BooleanSupplier stop) {
        ContentSum content = new ContentSum();
        read(passages, stop, document -> content.add(content(document)));
        return content.text();
    }

    private static byte[] content(ListedDocument document) {
        return (document.key() + "\n" + document.version() + "\n"
                        + document.passages().stream().map(PassageId::value).collect(Collectors.joining("\n")))
                .getBytes(UTF_8);
    }

    /** One run through a generation, with pauses. */
    private void read(GenerationId passages, BooleanSupplier stop, Consumer<ListedDocument> reader) {
        Steps steps = new Steps(stop);
        index.each(passages, document -> {
            steps.next();
            reader.accept(document);
        });
    }

    private final class Steps {
        private final BooleanSupplier stop;
        private int documents;
        private long began = System.nanoTime();

        Steps(BooleanSupplier stop) {
            this.stop = stop;
        }

        void next() {
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
            if (++documents % STEP == 0) {
                throttle.pauseAfter(Duration.ofNanos(System.nanoTime() - began), stop);
                began = System.nanoTime();
            }
        }
    }

    private final class Leaves {
        private final VrfSecret placing = secret.get();
        private final LeafSorter sorter;
        private final Hash salt;
        private final ContentSum content = new ContentSum();
        private long size;

        Leaves(LeafSorter sorter, Hash salt) {
            this.sorter = sorter;
            this.salt = salt;
        }

        void add(ListedDocument document) {
            byte[] input = DocumentTags.input(
                    document.key().tenant().value(),
                    document.key().collection().value(),
                    document.key().document().value());
            Hash output = outputs.get(Hash.sha256(input), hash -> VrfKey.output(placing.prove(input)));
            DocumentTags tags = new DocumentTags(salt, output);
            try {
                for (PassageId passage : document.passages()) {
                    sorter.add(tags.leaf(document.version(), passage.value()).bytes());
                    size++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            content.add(ManifestMaker.content(document));
        }
    }
}
