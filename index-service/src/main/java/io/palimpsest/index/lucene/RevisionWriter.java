package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.ApplyResult.Applied;
import io.palimpsest.index.passages.ApplyResult.Ignored;
import io.palimpsest.index.passages.ApplyResult.Outcome;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.PassageEntry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.util.BytesRef;

/** Turns one write into Lucene operations: closes what ended, adds what is new, leaves the rest alone. */
final class RevisionWriter {
    /** Without positions: nothing asks for phrases, and the text cannot be put together again from the index. */
    private static final FieldType WORDS = words();

    private final IndexWriter writer;
    private final AccessClasses access;

    RevisionWriter(IndexWriter writer, AccessClasses access) {
        this.writer = writer;
        this.access = access;
    }

    /** @param reader shows every earlier write to this document */
    Outcome apply(IndexReader reader, DocumentWrite write) throws IOException {
        String id = write.key().document().value();
        Records.RevisionRecord last = new Records(reader, null).of(id).orElse(null);
        if (last != null && last.version() >= write.version()) {
            return new Ignored(write.key(), write.version(), last.version());
        }
        long at = write.at().toEpochMilli();
        int accessClass;
        Map<String, String> labels = Map.of();
        Map<PassageId, Long> live = Map.of();
        if (write instanceof DocumentWrite.Put put) {
            accessClass = access.numberOf(put.access(), writer);
            labels = put.labels();
        } else {
            accessClass = last == null ? access.numberOf(new AccessList(Set.of()), writer) : last.access();
        }
        if (last != null) {
            at = Math.max(at, last.from());
            live = DocumentPassages.at(reader, id, null);
            close(Fields.uid("", last.version(), id), Fields.RECORD_TO, at);
            if (last.access() != accessClass) {
                writer.updateNumericDocValue(new Term(Fields.RECORD, id), Fields.ACCESS, accessClass);
                if (reader.docFreq(new Term(Fields.DOCUMENT, id)) > 0) {
                    writer.updateNumericDocValue(new Term(Fields.DOCUMENT, id), Fields.ACCESS, accessClass);
                }
            }
        }
        boolean relabelled = last != null && !last.labels().equals(labels);
        Applied outcome = writePassages(write, relabelled, new HashMap<>(live), new Stamp(at, accessClass));
        writer.addDocument(record(write, labels, new Stamp(at, accessClass)));
        return outcome;
    }

    private record Stamp(long at, int accessClass) {}

    private Applied writePassages(DocumentWrite write, boolean relabelled, Map<PassageId, Long> live, Stamp stamp)
            throws IOException {
        String id = write.key().document().value();
        int added = 0;
        int kept = 0;
        if (write instanceof DocumentWrite.Put put) {
            for (PassageEntry passage : put.passages()) {
                if (!relabelled && live.remove(passage.id()) != null) {
                    kept++;
                } else {
                    writer.addDocument(passage(put, passage, stamp));
                    added++;
                }
            }
        }
        for (Map.Entry<PassageId, Long> ended : live.entrySet()) {
            close(Fields.uid(ended.getKey().value(), ended.getValue(), id), Fields.VALID_TO, stamp.at());
        }
        return new Applied(write.key(), write.version(), added, kept, live.size());
    }

    private void close(String uid, String end, long at) throws IOException {
        writer.updateNumericDocValue(new Term(Fields.UID, uid), end, at);
    }

    private static Document passage(DocumentWrite.Put put, PassageEntry passage, Stamp stamp) {
        String id = put.key().document().value();
        Document document = new Document();
        document.add(new StringField(Fields.UID, Fields.uid(passage.id().value(), put.version(), id), Field.Store.NO));
        document.add(new StringField(Fields.DOCUMENT, id, Field.Store.NO));
        document.add(new SortedDocValuesField(Fields.DOCUMENT_ID, new BytesRef(id)));
        document.add(new BinaryDocValuesField(
                Fields.PASSAGE_ID, new BytesRef(passage.id().value())));
        document.add(new NumericDocValuesField(Fields.BORN, put.version()));
        document.add(new NumericDocValuesField(Fields.VALID_FROM, stamp.at()));
        document.add(new NumericDocValuesField(Fields.VALID_TO, Fields.LIVE));
        document.add(new NumericDocValuesField(Fields.ACCESS, stamp.accessClass()));
        put.labels()
                .forEach((key, value) ->
                        document.add(new StringField(Fields.LABEL, Fields.label(key, value), Field.Store.NO)));
        document.add(new Field(Fields.TEXT, passage.embeddedText(), WORDS));
        document.add(new Field(Fields.EXACT, passage.embeddedText(), WORDS));
        document.add(new KnnFloatVectorField(Fields.VECTOR, passage.vector(), VectorSimilarityFunction.DOT_PRODUCT));
        return document;
    }

    private static Document record(DocumentWrite write, Map<String, String> labels, Stamp stamp) throws IOException {
        String id = write.key().document().value();
        boolean deleted = write instanceof DocumentWrite.Delete;
        String reference = write instanceof DocumentWrite.Put put ? put.reference() : "";
        ByteBuffersDataOutput labelBytes = new ByteBuffersDataOutput();
        labelBytes.writeMapOfStrings(labels);
        Document document = new Document();
        document.add(new StringField(Fields.UID, Fields.uid("", write.version(), id), Field.Store.NO));
        document.add(new StringField(Fields.RECORD, id, Field.Store.NO));
        document.add(new NumericDocValuesField(Fields.VERSION, write.version()));
        document.add(new NumericDocValuesField(Fields.RECORD_FROM, stamp.at()));
        document.add(new NumericDocValuesField(Fields.RECORD_TO, Fields.LIVE));
        document.add(new NumericDocValuesField(Fields.DELETED, deleted ? 1 : 0));
        document.add(new NumericDocValuesField(Fields.ACCESS, stamp.accessClass()));
        document.add(new BinaryDocValuesField(Fields.REFERENCE, new BytesRef(reference)));
        document.add(new BinaryDocValuesField(Fields.LABELS, new BytesRef(labelBytes.toArrayCopy())));
        return document;
    }

    private static FieldType words() {
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.setTokenized(true);
        type.freeze();
        return type;
    }
}
