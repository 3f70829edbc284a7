package io.palimpsest.standalone.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The texts of the demo's fictional company, from the class path. */
final class DemoTexts {
    private DemoTexts() {}

    static String read(String name) throws IOException {
        try (InputStream in = DemoTexts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("the demo's text is not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Outline outline(String name) throws IOException {
        return Outline.parse(read(name));
    }
}
