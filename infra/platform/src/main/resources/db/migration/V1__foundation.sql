-- The key of each document, wrapped by the master key. Deleting the row erases every copy of the document's content.
CREATE TABLE document_key (
    document_hash VARCHAR(64) NOT NULL PRIMARY KEY, -- SHA-256 of tenant/collection/documentId, hex
    wrapped       TEXT        NOT NULL              -- Tink keyset, encrypted by the master key, base64
);
