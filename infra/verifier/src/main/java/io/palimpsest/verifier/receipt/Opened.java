package io.palimpsest.verifier.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.Hash;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What a receipt commits to without saying it, said.
 *
 * @param salt hex
 * @param text of the query; of the caller: such as {@code user:ann}
 */
public record Opened(What what, String salt, String text) {
    /** Which member of the receipt. */
    public enum What {
        QUERY,
        CALLER;

        @Override
        public String toString() {
            return this == QUERY ? "query" : "caller";
        }

        /** Of the receipt: where its commitment stands. */
        String member() {
            return this == QUERY ? "query" : "access.caller";
        }
    }

    public Hash commitment() {
        byte[] bytes = salt(salt);
        return switch (what) {
            case QUERY -> Commitment.query(bytes, text);
            case CALLER -> Commitment.caller(bytes, text);
        };
    }

    /** @throws IllegalArgumentException when this is not how a salt is written: hexadecimal, small letters */
    static byte[] salt(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (!HexFormat.of().formatHex(bytes).equals(hex)) {
            throw new IllegalArgumentException("a salt has small letters");
        }
        return bytes;
    }

    String line() {
        return what + " " + salt + " " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** @throws IllegalArgumentException when this is not such a line */
    static Opened parse(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        if (fields.size() != 3) {
            throw new IllegalArgumentException("an opening has three fields");
        }
        What what = switch (fields.get(0)) {
            case "query" -> What.QUERY;
            case "caller" -> What.CALLER;
            default -> throw new IllegalArgumentException("an opening is of the query or of the caller");
        };
        return new Opened(what, fields.get(1), new String(Base64.getDecoder().decode(fields.get(2)), UTF_8));
    }
}
