package io.palimpsest.index.lucene;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * How the index is kept.
 *
 * @param exactLimit up to this many selected passages the vector leg compares all of them
 * @param directories opens the directory of a generation
 */
public record LuceneSettings(int exactLimit, DirectoryOpener directories) {
    /** Measured with SearchLatencyBench: comparing 5,000 costs what the graph of 50,000 costs; twice that buys certainty. */
    public static final LuceneSettings DEFAULT = new LuceneSettings(10_000, FSDirectory::open);

    /** Where a generation's files are. */
    @FunctionalInterface
    public interface DirectoryOpener {
        Directory open(Path path) throws IOException;
    }
}
