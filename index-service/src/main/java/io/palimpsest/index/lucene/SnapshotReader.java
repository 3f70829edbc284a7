package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.ListedDocument;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** What a snapshot says about documents, without searching. Threading: one thread. */
record SnapshotReader(Generation generation, DirectoryReader reader, AccessClasses access) {

    Optional<IndexedDocument> document(DocumentKey key, @Nullable Instant asOf) throws IOException {
        String id = key.document().value();
        Records.RevisionRecord found = new Records(reader, asOf).of(id).orElse(null);
        if (found == null || found.deleted() || !key.collectionKey().equals(generation.collection())) {
            return Optional.empty();
        }
        Collection<PassageId> passages = DocumentPassages.at(reader, id, asOf).keySet();
        return Optional.of(new IndexedDocument(
                key,
                found.version(),
                Instant.ofEpochMilli(found.from()),
                found.reference(),
                access.list(found.access()),
                found.labels(),
                List.copyOf(passages)));
    }

    List<DocumentDigest> digests(@Nullable DocumentKey after, int limit) throws IOException {
        List<DocumentDigest> page = new ArrayList<>();
        Terms ids = MultiTerms.getTerms(reader, Fields.RECORD);
        if (ids == null) {
            return page;
        }
        Records records = new Records(reader, null);
        TermsEnum terms = ids.iterator();
        BytesRef term = first(terms, after);
        while (term != null && page.size() < limit) {
            String id = term.utf8ToString();
            Records.RevisionRecord record = records.of(id).orElse(null);
            if (record != null && !record.deleted()) {
                Collection<PassageId> passages =
                        DocumentPassages.at(reader, id, null).keySet();
                page.add(new DocumentDigest(
                        DocumentKey.of(generation.collection(), id), record.version(), DocumentDigest.over(passages)));
            }
            term = terms.next();
        }
        return page;
    }

    /** @return how many */
    long each(Consumer<ListedDocument> reading) throws IOException {
        Terms ids = MultiTerms.getTerms(reader, Fields.RECORD);
        TermsEnum terms = ids == null ? TermsEnum.EMPTY : ids.iterator();
        long count = 0;
        for (BytesRef term = terms.next(); term != null; term = terms.next()) {
            String id = term.utf8ToString();
            Records.RevisionRecord record = new Records(reader, null).of(id).orElse(null);
            if (record != null && !record.deleted()) {
                reading.accept(new ListedDocument(
                        DocumentKey.of(generation.collection(), id),
                        record.version(),
                        List.copyOf(DocumentPassages.at(reader, id, null).keySet())));
                count++;
            }
        }
        return count;
    }

    private static @Nullable BytesRef first(TermsEnum terms, @Nullable DocumentKey after) throws IOException {
        if (after == null) {
            return terms.next();
        }
        return switch (terms.seekCeil(new BytesRef(after.document().value()))) {
            case FOUND -> terms.next();
            case NOT_FOUND -> terms.term();
            case END -> null;
        };
    }

    IndexCounts counts() throws IOException {
        long documents = 0;
        long live = 0;
        long closed = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            long open = countOpen(leaf.reader(), Fields.VALID_TO);
            live += open;
            closed += countAll(leaf.reader(), Fields.VALID_TO) - open;
            documents += countOpen(leaf.reader(), Fields.RECORD_TO) - countMarks(leaf.reader());
        }
        return new IndexCounts(documents, live, closed);
    }

    private interface Condition {
        boolean holds(int doc, long value) throws IOException;
    }

    private static long countAll(LeafReader leaf, String field) throws IOException {
        return count(leaf, field, (doc, value) -> true);
    }

    private static long countOpen(LeafReader leaf, String field) throws IOException {
        return count(leaf, field, (doc, value) -> value == Fields.LIVE);
    }

    private static long countMarks(LeafReader leaf) throws IOException {
        Moment now = Moment.records(leaf, null);
        return now == null ? 0 : count(leaf, Fields.DELETED, (doc, value) -> value == 1 && now.shows(doc));
    }

    private static long count(LeafReader leaf, String field, Condition condition) throws IOException {
        NumericDocValues values = leaf.getNumericDocValues(field);
        Bits alive = leaf.getLiveDocs();
        long count = 0;
        while (values != null && values.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
            int doc = values.docID();
            count += (alive == null || alive.get(doc)) && condition.holds(doc, values.longValue()) ? 1 : 0;
        }
        return count;
    }
}
