package io.palimpsest.verifier.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.Hash;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What a commitment in the entries stands for, and what shows it. As a line, fields separated by spaces: {@code scope}, salt in hex,
 * tenant and collection in Base64; or {@code subject}, salt and opening in hex, tenant, collection and personal in Base64. A dot
 * stands for an empty field.
 */
public sealed interface Opening {
    /** As it stands in the entries. */
    Hash commitment();

    /** Without its newline. */
    String line();

    /** For people. */
    String meaning();

    /** @param collection empty: none */
    record Scope(String salt, String tenant, String collection) implements Opening {
        @Override
        public Hash commitment() {
            return Commitment.scope(HexFormat.of().parseHex(salt), tenant, collection);
        }

        @Override
        public String line() {
            return "scope " + salt + " " + base64(tenant) + " " + base64(collection);
        }

        @Override
        public String meaning() {
            return "tenant " + tenant + (collection.isEmpty() ? "" : ", collection " + collection);
        }
    }

    /** @param personal such as a document's key */
    record Subject(String salt, String opening, String tenant, String collection, String personal) implements Opening {
        @Override
        public Hash commitment() {
            HexFormat hex = HexFormat.of();
            return Commitment.subject(
                    hex.parseHex(salt), Commitment.inner(hex.parseHex(opening), tenant, collection, personal));
        }

        @Override
        public String line() {
            return String.join(" ", "subject", salt, opening, base64(tenant), base64(collection), base64(personal));
        }

        @Override
        public String meaning() {
            return personal;
        }
    }

    /** @throws IllegalArgumentException when this is not such a line */
    static Opening parse(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        return switch (fields.get(0) + fields.size()) {
            case "scope4" -> new Scope(fields.get(1), text(fields.get(2)), text(fields.get(3)));
            case "subject6" ->
                new Subject(
                        fields.get(1), fields.get(2), text(fields.get(3)), text(fields.get(4)), text(fields.get(5)));
            default -> throw new IllegalArgumentException("an opening is of a scope or of a subject");
        };
    }

    private static String base64(String text) {
        return text.isEmpty() ? "." : Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String text(String field) {
        return field.equals(".") ? "" : new String(Base64.getDecoder().decode(field), UTF_8);
    }
}
