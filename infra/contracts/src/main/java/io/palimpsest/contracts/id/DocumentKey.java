package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A document, named in full: the key of every per-document record. Text form: {@code tenant/collection/documentId}. */
public record DocumentKey(TenantId tenant, CollectionId collection, DocumentId document)
        implements Comparable<DocumentKey> {

    public static DocumentKey of(CollectionKey collection, String documentId) {
        return new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(documentId));
    }

    public static DocumentKey of(String tenant, String collection, String documentId) {
        return of(CollectionKey.of(tenant, collection), documentId);
    }

    /** Reads the text form; tenant and collection hold no slash, so the first two separate. */
    @JsonCreator
    public static DocumentKey parse(String text) {
        int first = text.indexOf('/');
        int second = first < 0 ? -1 : text.indexOf('/', first + 1);
        if (second < 0) {
            throw new IllegalArgumentException("not a document key: expected tenant/collection/documentId");
        }
        return of(text.substring(0, first), text.substring(first + 1, second), text.substring(second + 1));
    }

    public CollectionKey collectionKey() {
        return new CollectionKey(tenant, collection);
    }

    /** SHA-256 of the text form, hex: safe as a file name and in logs of systems that must not see ids. */
    public String hash() {
        return ContentHash.ofText(toString()).value();
    }

    @Override
    public int compareTo(DocumentKey other) {
        int byCollection = collectionKey().compareTo(other.collectionKey());
        return byCollection != 0 ? byCollection : document.compareTo(other.document);
    }

    @JsonValue
    @Override
    public String toString() {
        return tenant + "/" + collection + "/" + document;
    }
}
