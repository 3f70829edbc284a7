package io.palimpsest.ingest.source;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many files of a folder the first look has still to publish: those that the listing lacks, or has otherwise. Counted
 * before it from names and times alone, which takes a fraction of the reading that follows.
 *
 * <p>Threading: counted on the source's thread, {@link #left} on any.
 */
final class FolderBacklog {
    private volatile @Nullable Count count;

    /** @param before changes that were published when it was counted */
    private record Count(long files, long before) {}

    /** Not known any more, until {@link #count}. */
    void forget() {
        count = null;
    }

    boolean isKnown() {
        return count != null;
    }

    void count(FolderTree tree, FolderListing known, long published) throws IOException {
        long[] files = {0};
        tree.walk(tree.root(), new FolderTree.Visitor() {
            @Override
            public void directory(Path directory) {
                // what is in it comes by itself
            }

            @Override
            public void file(Path file, BasicFileAttributes attributes) {
                files[0] += isTold(known.entry(tree.relative(file)), attributes) ? 0 : 1;
            }

            @Override
            public void failed(Path path) {
                // the look itself counts what it has to pass over
            }
        });
        count = new Count(files[0], published);
    }

    /** The look is over. */
    void clear(long published) {
        count = new Count(0, published);
    }

    /**
     * Still to publish; null while it is not known.
     *
     * @param published changes that are published by now
     * @param passedOver files that cannot be published
     */
    @Nullable
    Long left(long published, long passedOver) {
        Count counted = count;
        return counted == null ? null : Math.max(0, counted.files() - (published - counted.before()) - passedOver);
    }

    private static boolean isTold(FolderListing.@Nullable Entry entry, BasicFileAttributes attributes) {
        return entry != null
                && entry.published()
                && entry.size() == attributes.size()
                && entry.mtime() == attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
    }
}
