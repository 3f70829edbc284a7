package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a witness remembers, as bytes: {@code palimpsest-witness/1}, a line {@code <size> <root in Base64> <origin>} for each log
 * in the order of the origins, and {@code sha256 <64 hex digits>} over all lines before; UTF-8, each line ends with a newline.
 */
final class WitnessState {
    private static final String FORMAT = "palimpsest-witness/1\n";
    private static final String CHECKSUM = "sha256 ";
    private static final int CHECKSUM_LINE = CHECKSUM.length() + 2 * Hash.SIZE + 1;
    private static final Pattern LINE = Pattern.compile("(0|[1-9]\\d{0,18}) (\\S+) ([^\n]+)");

    private WitnessState() {}

    /** @param heads by origin */
    static byte[] bytes(SortedMap<String, TreeHead> heads) {
        StringBuilder lines = new StringBuilder(FORMAT);
        for (Map.Entry<String, TreeHead> each : heads.entrySet()) {
            lines.append(each.getValue().treeSize()).append(' ');
            lines.append(each.getValue().rootHash().base64()).append(' ');
            lines.append(each.getKey()).append('\n');
        }
        return (lines + checksum(lines.toString())).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException with the reason, when {@link #bytes} did not write this */
    static SortedMap<String, TreeHead> parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.length() - CHECKSUM_LINE;
        if (end < FORMAT.length() || !text.startsWith(FORMAT)) {
            throw new IllegalArgumentException("it is cut off, or of another format");
        }
        if (!text.substring(end).equals(checksum(text.substring(0, end)))) {
            throw new IllegalArgumentException("its checksum is not that of its lines");
        }
        SortedMap<String, TreeHead> heads = new TreeMap<>();
        for (String line : lines(text.substring(FORMAT.length(), end))) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException("it has a line that is none");
            }
            heads.put(parts.group(3), new TreeHead(Long.parseLong(parts.group(1)), Hash.ofBase64(parts.group(2))));
        }
        return heads;
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }

    private static String checksum(String lines) {
        return CHECKSUM + Hash.sha256(lines.getBytes(StandardCharsets.UTF_8)).hex() + "\n";
    }
}
