package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.platform.file.FolderTree;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code <root>/<tenant>/<collection>/<generation>/}: Lucene's files and {@value #DESCRIPTION}, which is written last and
 * says what the generation is even when Lucene's files are damaged.
 */
record GenerationFolder(Path path, Generation generation) {
    private static final String DESCRIPTION = "generation.properties";
    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

    static GenerationFolder of(Path root, Generation generation) {
        CollectionKey collection = generation.collection();
        String id = generation.id().value();
        String name =
                SAFE_NAME.matcher(id).matches() ? id : ContentHash.ofText(id).value();
        return new GenerationFolder(
                root.resolve(collection.tenant().value())
                        .resolve(collection.collection().value())
                        .resolve(name),
                generation);
    }

    /** Those whose description was written; a creation that was cut off before left nothing that counts. */
    static List<GenerationFolder> under(Path root) throws IOException {
        List<GenerationFolder> folders = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                root, 4, (file, kind) -> file.getFileName().toString().equals(DESCRIPTION))) {
            for (Path file : files.sorted().toList()) {
                Path folder = file.resolveSibling("");
                folders.add(new GenerationFolder(folder, read(file)));
            }
        }
        return folders;
    }

    private static Generation read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new Generation(
                new GenerationId(properties.getProperty("id", "")),
                CollectionKey.of(properties.getProperty("tenant", ""), properties.getProperty("collection", "")),
                new ModelId(properties.getProperty("model", "")),
                new PassagePolicyId(properties.getProperty("policy", "")),
                Integer.parseInt(properties.getProperty("dimensions", "0")));
    }

    void describe() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("id", generation.id().value());
        properties.setProperty("tenant", generation.collection().tenant().value());
        properties.setProperty(
                "collection", generation.collection().collection().value());
        properties.setProperty("model", generation.model().value());
        properties.setProperty("policy", generation.policy().value());
        properties.setProperty("dimensions", Integer.toString(generation.dimensions()));
        Path draft = path.resolve(DESCRIPTION + ".draft");
        try (Writer writer = Files.newBufferedWriter(draft)) {
            properties.store(writer, null);
        }
        Files.move(draft, path.resolve(DESCRIPTION), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The description goes first: a deletion that is cut off leaves nothing that counts. */
    void delete() throws IOException {
        Files.deleteIfExists(path.resolve(DESCRIPTION));
        FolderTree.delete(path);
    }

    @Override
    public String toString() {
        return "index directory " + path;
    }
}
