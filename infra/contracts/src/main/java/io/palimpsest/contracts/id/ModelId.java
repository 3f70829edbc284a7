package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Content-addressed id of a model: name, precision and the first hex digits of the SHA-256 of its files, such as {@code all-minilm-l6-v2/fp32/1a2b3c4d}. */
public record ModelId(@JsonValue String value) {
    @JsonCreator
    public ModelId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ModelId must not be blank");
        }
    }

    /** Of an encoder that came without a manifest: by SHA-256 over the hex digits of both files' hashes, model first. */
    public static ModelId ofEncoder(String name, String precision, ContentHash model, ContentHash tokenizer) {
        String digits = ContentHash.ofText(model.value() + tokenizer.value()).value();
        return new ModelId(name + "/" + precision + "/" + digits.substring(0, 8));
    }

    @Override
    public String toString() {
        return value;
    }
}
