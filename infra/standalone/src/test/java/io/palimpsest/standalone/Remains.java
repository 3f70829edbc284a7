package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is left of a text. */
final class Remains {
    private Remains() {}

    /** Files in whose bytes it stands. */
    static List<Path> filesWith(Path root, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (contains(Files.readAllBytes(file), text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    static boolean contains(byte[] bytes, String text) {
        return new String(bytes, ISO_8859_1).contains(new String(text.getBytes(UTF_8), ISO_8859_1));
    }
}
