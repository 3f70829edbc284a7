package io.palimpsest.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens to the demo's folder while it is watched.
 *
 * @param description a sentence for people
 * @param document file name that it is about
 * @param after a question that only the edited folder answers like this; null where the edit takes an answer away
 * @param gone a question that the folder answered before and must no longer; null where nothing is taken away
 */
public record DemoEdit(
        String description,
        String document,
        @Nullable DemoQuestion after,
        @Nullable DemoQuestion gone,
        Change change) {
    /** What is done to the folder. */
    @FunctionalInterface
    public interface Change {
        void applyTo(Path dir) throws IOException;
    }

    public void applyTo(Path dir) {
        try {
            change.applyTo(dir);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's folder cannot be edited: " + dir, e);
        }
    }
}
