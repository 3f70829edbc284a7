package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A random name of what is in an index directory, with the generations that belong to it: {@code index.id}, a line each.
 * When the directory was deleted, or one of its generations, the name changes.
 */
final class Incarnation {
    private final Path file;
    private String name;
    private final Set<String> generations;

    private Incarnation(Path file, String name, Collection<String> generations) {
        this.file = file;
        this.name = name;
        this.generations = new HashSet<>(generations);
    }

    /** @param present generations whose folders are there */
    static Incarnation open(Path root, Collection<GenerationId> present) throws IOException {
        Path file = root.resolve("index.id");
        List<String> lines = lines(file);
        Set<String> names =
                new HashSet<>(present.stream().map(GenerationId::value).toList());
        Incarnation known = new Incarnation(file, "", names);
        if (!lines.isEmpty() && names.containsAll(lines.subList(1, lines.size()))) {
            known.name = lines.getFirst();
        } else {
            known.name = UUID.randomUUID().toString().substring(0, 8);
        }
        known.write();
        return known;
    }

    String name() {
        return name;
    }

    void made(GenerationId generation) throws IOException {
        if (generations.add(generation.value())) {
            write();
        }
    }

    /** To be called before its folder goes. */
    void dropped(GenerationId generation) throws IOException {
        if (generations.remove(generation.value())) {
            write();
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(name);
        generations.stream().sorted().forEach(lines::add);
        Path written = Files.write(file.resolveSibling("index.id.new"), lines);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
