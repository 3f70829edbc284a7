package io.palimpsest.index.lucene;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.ListedDocument;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.WriteRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NRTCachingDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The index of passages in Lucene directories under one root. A generation is opened with its first use, so one damaged
 * directory does not keep the others from being searched.
 *
 * <p>Threading: any. Only one process may have a generation open.
 */
public final class LucenePassageIndex implements PassageIndex {
    /** The parts of a small flush are put together in memory: a small write then makes a third of the files. */
    private static final double CACHED_MERGE_MIB = 4;

    private static final double CACHED_TOTAL_MIB = 16;

    private final Path root;
    private final LuceneSettings settings;
    private final TextAnalysis analysis = new TextAnalysis();
    private final Vocabulary vocabulary = new Vocabulary(analysis);
    private final Map<GenerationId, GenerationFolder> folders = new LinkedHashMap<>();
    private final Map<GenerationId, GenerationIndex> open = new LinkedHashMap<>();
    private final Incarnation incarnation;

    public LucenePassageIndex(Path root) {
        this(root, LuceneSettings.DEFAULT);
    }

    public LucenePassageIndex(Path root, LuceneSettings settings) {
        this.root = root;
        this.settings = settings;
        try {
            Files.createDirectories(root);
            GenerationFolder.under(root)
                    .forEach(folder -> folders.put(folder.generation().id(), folder));
            incarnation = Incarnation.open(root, folders.keySet());
        } catch (IOException | IllegalArgumentException e) {
            throw IndexFailures.unreadable("index directory " + root, e);
        }
    }

    @Override
    public String incarnation() {
        return incarnation.name();
    }

    @Override
    public synchronized void createGeneration(Generation generation) {
        GenerationFolder known = folders.get(generation.id());
        if (known != null) {
            if (!known.generation().equals(generation)) {
                throw new IllegalArgumentException("generation " + generation.id() + " exists with other properties");
            }
            return;
        }
        GenerationFolder folder = GenerationFolder.of(root, generation);
        try {
            Files.createDirectories(folder.path());
            try (Directory directory = settings.directories().open(folder.path())) {
                GenerationIndex.create(directory, analysis);
            }
            folder.describe();
            incarnation.made(generation.id());
        } catch (IOException e) {
            throw IndexFailures.unwritable(folder.toString(), e);
        }
        folders.put(generation.id(), folder);
    }

    @Override
    public synchronized List<Generation> generations() {
        return folders.values().stream().map(GenerationFolder::generation).toList();
    }

    @Override
    public synchronized void dropGeneration(GenerationId generation) {
        GenerationFolder folder = folders.get(generation);
        if (folder == null) {
            return;
        }
        GenerationIndex index = open.remove(generation);
        try {
            if (index != null) {
                index.close();
            }
            incarnation.dropped(generation);
            folder.delete();
        } catch (IOException e) {
            throw IndexFailures.unwritable(folder.toString(), e);
        }
        folders.remove(generation);
    }

    private synchronized GenerationIndex index(GenerationId id) {
        GenerationIndex index = open.get(id);
        if (index != null) {
            return index;
        }
        GenerationFolder folder = folders.get(id);
        if (folder == null) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no generation " + id);
        }
        Directory directory = null;
        try {
            directory = new NRTCachingDirectory(
                    settings.directories().open(folder.path()), CACHED_MERGE_MIB, CACHED_TOTAL_MIB);
            index = GenerationIndex.open(folder.generation(), folder.toString(), directory, analysis);
        } catch (IOException | RuntimeException e) {
            closeQuietly(directory, e);
            throw IndexFailures.unreadable(folder.toString(), e);
        }
        open.put(id, index);
        return index;
    }

    private static void closeQuietly(@Nullable Directory directory, Exception cause) {
        try {
            if (directory != null) {
                directory.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public ApplyResult apply(GenerationId generation, List<? extends DocumentWrite> writes) {
        return index(generation).apply(writes);
    }

    @Override
    public long purgeHistory(GenerationId generation, Instant before) {
        return index(generation).purge(before);
    }

    @Override
    public long erase(GenerationId generation, DocumentKey key) {
        return index(generation).erase(key);
    }

    @Override
    public long traces(GenerationId generation, DocumentKey key) {
        GenerationIndex index = index(generation);
        return index.read((reader, access) -> GenerationIndex.traces(reader, key));
    }

    @Override
    public LegHits search(GenerationId generation, PassageQuery query) {
        GenerationIndex index = index(generation);
        WriteRules.check(index.generation(), query);
        SnapshotSearch search = new SnapshotSearch(index.generation(), analysis, new VectorLeg(settings.exactLimit()));
        return index.read((reader, access) -> search.search(reader, access, query));
    }

    @Override
    public Optional<IndexedDocument> document(GenerationId generation, DocumentKey key, @Nullable Instant asOf) {
        GenerationIndex index = index(generation);
        return index.read(
                (reader, access) -> new SnapshotReader(index.generation(), reader, access).document(key, asOf));
    }

    @Override
    public IndexCounts counts(GenerationId generation) {
        GenerationIndex index = index(generation);
        return index.read((reader, access) -> new SnapshotReader(index.generation(), reader, access).counts());
    }

    @Override
    public List<DocumentDigest> digests(GenerationId generation, @Nullable DocumentKey after, int limit) {
        GenerationIndex index = index(generation);
        return index.read(
                (reader, access) -> new SnapshotReader(index.generation(), reader, access).digests(after, limit));
    }

    @Override
    public void each(GenerationId generation, Consumer<ListedDocument> reading) {
        GenerationIndex index = index(generation);
        long unused =
                index.read((reader, access) -> new SnapshotReader(index.generation(), reader, access).each(reading));
    }

    @Override
    public List<String> similarTerms(GenerationId generation, String term, int limit) {
        return index(generation).read((reader, access) -> vocabulary.similar(reader, term, limit));
    }

    @Override
    public long termFrequency(GenerationId generation, String term) {
        return index(generation).read((reader, access) -> vocabulary.frequency(reader, term));
    }

    @Override
    public synchronized void close() {
        open.values().forEach(GenerationIndex::close);
        open.clear();
        folders.clear();
    }
}
