package io.palimpsest.index.lucene;

import io.palimpsest.index.passages.AccessList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.util.BytesRef;

/**
 * Numbers for distinct access lists: a passage carries the number, so new rules for a document are one column update
 * over its whole history. Only grows; an unknown number admits nobody.
 *
 * <p>Threading: one writer, any readers. It may know more classes than an older snapshot uses, which is harmless.
 */
final class AccessClasses {
    private final Map<AccessList, Integer> numbers = new ConcurrentHashMap<>();
    private final Map<Integer, AccessList> lists = new ConcurrentHashMap<>();
    private final Map<String, BitSet> byPrincipal = new ConcurrentHashMap<>();

    static AccessClasses load(DirectoryReader reader) throws IOException {
        AccessClasses classes = new AccessClasses();
        for (LeafReaderContext leaf : reader.leaves()) {
            NumericDocValues ids = leaf.reader().getNumericDocValues(Fields.CLASS_ID);
            BinaryDocValues principals = leaf.reader().getBinaryDocValues(Fields.CLASS_PRINCIPALS);
            if (ids == null || principals == null) {
                continue;
            }
            while (ids.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
                principals.advanceExact(ids.docID());
                BytesRef bytes = principals.binaryValue();
                Set<String> names = new ByteArrayDataInput(bytes.bytes, bytes.offset, bytes.length).readSetOfStrings();
                classes.register(Math.toIntExact(ids.longValue()), new AccessList(names));
            }
        }
        return classes;
    }

    /** Of the list; written to the index with its first use. */
    int numberOf(AccessList list, IndexWriter writer) throws IOException {
        Integer known = numbers.get(list);
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        ByteBuffersDataOutput bytes = new ByteBuffersDataOutput();
        bytes.writeSetOfStrings(list.principals());
        Document document = new Document();
        document.add(new NumericDocValuesField(Fields.CLASS_ID, number));
        document.add(new BinaryDocValuesField(Fields.CLASS_PRINCIPALS, new BytesRef(bytes.toArrayCopy())));
        writer.addDocument(document);
        register(number, list);
        return number;
    }

    private void register(int number, AccessList list) {
        numbers.put(list, number);
        lists.put(number, list);
        for (String principal : list.principals()) {
            // Copied, because searches read the old one without a lock.
            byPrincipal.compute(principal, (name, old) -> {
                BitSet extended = old == null ? new BitSet() : (BitSet) old.clone();
                extended.set(number);
                return extended;
            });
        }
    }

    AccessList list(int number) {
        return lists.getOrDefault(number, new AccessList(Set.of()));
    }

    /** Numbers of the classes that admit at least one of the callers; nothing for no callers. */
    BitSet admitting(Set<String> callers) {
        BitSet admitted = new BitSet();
        if (callers.isEmpty()) {
            return admitted;
        }
        List<String> names = new ArrayList<>(callers);
        names.add(AccessList.EVERYONE);
        for (String name : names) {
            BitSet classes = byPrincipal.get(name);
            if (classes != null) {
                admitted.or(classes);
            }
        }
        return admitted;
    }
}
