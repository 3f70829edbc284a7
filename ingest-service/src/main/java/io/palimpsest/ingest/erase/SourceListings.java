package io.palimpsest.ingest.erase;

import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.util.ArrayList;
import java.util.List;

/**
 * What watched folders and buckets looked like last. A row goes with its file: while the source has the file, it would only be made
 * again, so it is told as a residual.
 */
record SourceListings(Sql sql) implements ErasableStore {
    private static final String FOLDER = "folder:";
    /** After it, the rest of the id is the path; other folders have none. */
    private static final String NAMED = "//";

    private static final String BUCKET = "s3://";

    @Override
    public String name() {
        return "source-listings";
    }

    @Override
    public Phase phase() {
        return Phase.RECORDS;
    }

    @Override
    public Coverage covers() {
        return Coverage.tables("folder_listing", "bucket_object");
    }

    /** Of an object that is gone at the source, only its number was kept. */
    @Override
    public long erase(Erasing erasing) {
        return sql.update(
                "DELETE FROM bucket_object WHERE etag IS NULL AND published = 1 AND object_key = ?", object(erasing));
    }

    @Override
    public Probed probe(Erasing erasing) {
        List<String> residuals = new ArrayList<>();
        if (count("SELECT COUNT(*) FROM folder_listing WHERE path = ?", file(erasing)) > 0) {
            residuals.add(
                    "The watched folder still has a file of this name: the listing keeps its path, and reports of comparisons may name it, until it is deleted there.");
        }
        if (count("SELECT COUNT(*) FROM bucket_object WHERE etag IS NOT NULL AND object_key = ?", object(erasing))
                > 0) {
            residuals.add(
                    "The watched bucket still has an object of this name: the listing keeps its key, and reports of comparisons may name it, until it is deleted there.");
        }
        return new Probed(
                count(
                        "SELECT COUNT(*) FROM bucket_object WHERE etag IS NULL AND published = 1 AND object_key = ?",
                        object(erasing)),
                residuals);
    }

    /** Empty, as no path is, where it is no file of a folder. */
    private static String file(Erasing erasing) {
        String id = erasing.document().document().value();
        if (!id.startsWith(FOLDER)) {
            return "";
        }
        int named = id.indexOf(NAMED);
        return id.substring(named < 0 ? FOLDER.length() : named + NAMED.length());
    }

    private static String object(Erasing erasing) {
        String id = erasing.document().document().value();
        int key = id.startsWith(BUCKET) ? id.indexOf('/', BUCKET.length()) : -1;
        return key < 0 ? "" : id.substring(key + 1);
    }

    private long count(String query, String name) {
        return sql.first(query, row -> row.getLong(1), name).orElse(0L);
    }
}
