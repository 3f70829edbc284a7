package io.palimpsest.index.lucene;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.WriteRules;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * One generation's writer and the snapshot that searches see. The snapshot is replaced only at the end of a write, after
 * its commit: what is seen is whole and durable.
 *
 * <p>Threading: writes are synchronized; reads take the snapshot of the moment and never wait for writes.
 */
@SuppressWarnings("ReferenceEquality") // a reader is a counted resource: only the same one is the same
final class GenerationIndex implements AutoCloseable {
    private final Generation generation;
    private final String name;
    private final Directory directory;
    private final TextAnalysis analysis;
    private @Nullable IndexWriter writer;
    private volatile DirectoryReader snapshot;
    private volatile AccessClasses access;

    /** A read of the snapshot. */
    @FunctionalInterface
    interface Read<T> {
        T from(DirectoryReader reader, AccessClasses access) throws IOException;
    }

    private interface Change<T> {
        T make(IndexWriter writer) throws IOException;
    }

    private GenerationIndex(Generation generation, String name, Directory directory, TextAnalysis analysis)
            throws IOException {
        this.generation = generation;
        this.name = name;
        this.directory = directory;
        this.analysis = analysis;
        this.writer = GenerationWriter.open(directory, analysis, OpenMode.APPEND);
        this.snapshot = DirectoryReader.open(writer);
        this.access = AccessClasses.load(snapshot);
    }

    /** Makes the files of an empty generation, durably; where they exist they stay. */
    static void create(Directory directory, TextAnalysis analysis) throws IOException {
        try (IndexWriter fresh = GenerationWriter.open(directory, analysis, OpenMode.CREATE_OR_APPEND)) {
            fresh.commit();
        }
    }

    /** @param name of the directory, for messages */
    static GenerationIndex open(Generation generation, String name, Directory directory, TextAnalysis analysis)
            throws IOException {
        return new GenerationIndex(generation, name, directory, analysis);
    }

    Generation generation() {
        return generation;
    }

    synchronized ApplyResult apply(List<? extends DocumentWrite> writes) {
        writes.forEach(write -> WriteRules.check(generation, write));
        return change(open -> {
            List<ApplyResult.Outcome> outcomes = new ArrayList<>(writes.size());
            RevisionWriter revisions = new RevisionWriter(open, access);
            DirectoryReader seen = snapshot;
            Set<DocumentKey> touched = new HashSet<>();
            try {
                for (DocumentWrite write : writes) {
                    if (!touched.add(write.key())) {
                        // The second write to a document must see the first.
                        seen = newer(seen, open);
                        touched = new HashSet<>(Set.of(write.key()));
                    }
                    outcomes.add(revisions.apply(seen, write));
                }
            } finally {
                if (seen != snapshot) {
                    seen.close();
                }
            }
            return new ApplyResult(outcomes);
        });
    }

    private DirectoryReader newer(DirectoryReader seen, IndexWriter open) throws IOException {
        DirectoryReader next = DirectoryReader.openIfChanged(seen, open);
        if (next == null) {
            return seen;
        }
        if (seen != snapshot) {
            seen.close();
        }
        return next;
    }

    /** @return passages removed */
    synchronized long purge(Instant before) {
        long limit = before.toEpochMilli();
        Query passages = NumericDocValuesField.newSlowRangeQuery(Fields.VALID_TO, Long.MIN_VALUE, limit);
        Query records = NumericDocValuesField.newSlowRangeQuery(Fields.RECORD_TO, Long.MIN_VALUE, limit);
        return change(open -> {
            long purged = new IndexSearcher(snapshot).count(passages);
            open.deleteDocuments(passages, records);
            return purged;
        });
    }

    /** Segments that hold what was deleted are written anew: the words and vectors of a deleted passage are in the old ones. */
    synchronized long erase(DocumentKey key) {
        if (!key.collectionKey().equals(generation.collection())) {
            return 0;
        }
        return change(open -> {
            long removed = traces(snapshot, key);
            open.deleteDocuments(terms(key));
            GenerationWriter.forget(open);
            return removed;
        });
    }

    static long traces(IndexReader reader, DocumentKey key) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        long found = 0;
        for (Term term : terms(key)) {
            found += searcher.count(new TermQuery(term));
        }
        return found;
    }

    private static Term[] terms(DocumentKey key) {
        String id = key.document().value();
        return new Term[] {new Term(Fields.DOCUMENT, id), new Term(Fields.RECORD, id)};
    }

    /** Makes a change, commits it, then shows it; undoes it when it fails, and works again with the next one. */
    private <T> T change(Change<T> change) {
        try {
            IndexWriter open = writer;
            if (open == null || !open.isOpen()) {
                open = reopen();
            }
            T result = change.make(open);
            if (open.hasUncommittedChanges()) {
                open.commit();
                publish(DirectoryReader.openIfChanged(snapshot, open));
            }
            return result;
        } catch (IOException | RuntimeException e) {
            rollback(e);
            throw new PalimpsestException(
                    ErrorCode.INDEX_WRITE_FAILED,
                    "the write to " + name + " failed and was undone: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    private void publish(@Nullable DirectoryReader next) throws IOException {
        if (next != null) {
            DirectoryReader old = snapshot;
            snapshot = next;
            old.close();
        }
    }

    private IndexWriter reopen() throws IOException {
        IndexWriter fresh = GenerationWriter.open(directory, analysis, OpenMode.APPEND);
        writer = fresh;
        DirectoryReader next = DirectoryReader.open(fresh);
        access = AccessClasses.load(next);
        publish(next);
        return fresh;
    }

    private void rollback(Exception cause) {
        IndexWriter broken = writer;
        writer = null;
        try {
            if (broken != null) {
                broken.rollback();
            }
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    <T> T read(Read<T> read) {
        DirectoryReader reader = acquire();
        try {
            return read.from(reader, access);
        } catch (IOException e) {
            throw IndexFailures.unreadable(name, e);
        } finally {
            release(reader);
        }
    }

    private DirectoryReader acquire() {
        while (true) {
            DirectoryReader reader = snapshot;
            if (reader.tryIncRef()) {
                return reader;
            }
            if (reader == snapshot) {
                throw new PalimpsestException(ErrorCode.NOT_FOUND, "generation " + generation.id() + " is closed");
            }
        }
    }

    private void release(DirectoryReader reader) {
        try {
            reader.decRef();
        } catch (IOException e) {
            throw IndexFailures.unreadable(name, e);
        }
    }

    /** Everything applied is committed already, so there is nothing to save. */
    @Override
    public synchronized void close() {
        try (directory) {
            snapshot.close();
            if (writer != null) {
                writer.rollback();
            }
        } catch (IOException e) {
            throw IndexFailures.unreadable(name, e);
        }
    }
}
