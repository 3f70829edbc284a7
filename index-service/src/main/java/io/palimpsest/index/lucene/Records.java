package io.palimpsest.index.lucene;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** The records of documents in one snapshot at one moment, each looked up once. Threading: one thread. */
final class Records {
    private final IndexReader reader;
    private final @Nullable Instant asOf;
    private final Map<String, Optional<RevisionRecord>> known = new HashMap<>();

    /**
     * @param from epoch milliseconds
     * @param access number of the access class
     */
    record RevisionRecord(
            long version, long from, boolean deleted, int access, String reference, Map<String, String> labels) {}

    Records(IndexReader reader, @Nullable Instant asOf) {
        this.reader = reader;
        this.asOf = asOf;
    }

    /** Delete marks included. */
    Optional<RevisionRecord> of(String documentId) throws IOException {
        Optional<RevisionRecord> record = known.get(documentId);
        if (record == null) {
            record = read(new Term(Fields.RECORD, documentId));
            known.put(documentId, record);
        }
        return record;
    }

    private Optional<RevisionRecord> read(Term term) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            PostingsEnum postings = leaf.reader().postings(term, PostingsEnum.NONE);
            Moment moment = postings == null ? null : Moment.records(leaf.reader(), asOf);
            if (postings == null || moment == null) {
                continue;
            }
            Bits alive = leaf.reader().getLiveDocs();
            for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                if ((alive == null || alive.get(doc)) && moment.shows(doc)) {
                    return Optional.of(read(leaf.reader(), doc));
                }
            }
        }
        return Optional.empty();
    }

    private static RevisionRecord read(LeafReader reader, int doc) throws IOException {
        BytesRef labels = binary(reader, Fields.LABELS, doc);
        Map<String, String> labelMap =
                new ByteArrayDataInput(labels.bytes, labels.offset, labels.length).readMapOfStrings();
        return new RevisionRecord(
                number(reader, Fields.VERSION, doc),
                number(reader, Fields.RECORD_FROM, doc),
                number(reader, Fields.DELETED, doc) == 1,
                Math.toIntExact(number(reader, Fields.ACCESS, doc)),
                binary(reader, Fields.REFERENCE, doc).utf8ToString(),
                labelMap);
    }

    static long number(LeafReader reader, String field, int doc) throws IOException {
        NumericDocValues values = Objects.requireNonNull(reader.getNumericDocValues(field), field);
        values.advanceExact(doc);
        return values.longValue();
    }

    static BytesRef binary(LeafReader reader, String field, int doc) throws IOException {
        BinaryDocValues values = Objects.requireNonNull(reader.getBinaryDocValues(field), field);
        values.advanceExact(doc);
        return values.binaryValue();
    }
}
