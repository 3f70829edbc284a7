package io.palimpsest.retrain.snapshot;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** A data directory with documents and judgements on their passages; the same seed gives the same. */
final class LabelledHouse implements AutoCloseable {
    private final Path folder;
    private final long seed;
    private final int documents;
    private final Database database;
    private final FileContentStore store;
    private final Snapshots snapshots;

    LabelledHouse(Path folder, long seed, int documents) {
        this.folder = folder;
        this.seed = seed;
        this.documents = documents;
        this.database = Database.open(DatabaseSettings.inFile(folder.resolve("palimpsest.db")));
        this.store = new FileContentStore(
                folder.resolve("content"),
                new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.json"))));
        this.snapshots = new Snapshots(new Snapshots.Parts(
                database.sql(),
                store,
                place -> Optional.of(text(place.document().document().value())),
                document -> Optional.of(new DocumentStandings.Standing(1, true, false, Set.of("*"))),
                new Suppressions(database.sql(), new byte[32], Clock.systemUTC()),
                new LedgerEntries(new byte[32]),
                entry -> {},
                Clock.systemUTC()));
    }

    void publish() {
        for (int i = 0; i < documents; i++) {
            store.put(key("d" + i), text("d" + i).getBytes(UTF_8));
        }
    }

    static DocumentKey key(String document) {
        return DocumentKey.of(DOCS, document);
    }

    FileContentStore store() {
        return store;
    }

    Sql sql() {
        return database.sql();
    }

    Snapshots snapshots() {
        return snapshots;
    }

    Snapshot snapshot(int queries) {
        return snapshots.make(DOCS, labels(queries), new SnapshotPlan(seed, 0.3, 0.3, 0.1, 10), "service:test");
    }

    ClearFolders clear() {
        return ClearFolders.open(folder.resolve("clear"));
    }

    /** Of the one passage of a document. */
    String text(String document) {
        return words("text of " + document, 30);
    }

    String query(int number) {
        return words("query " + number, 8);
    }

    private String words(String of, int count) {
        return new SplittableRandom(seed * 31 + of.hashCode())
                .ints(count, 0, 1_000_000_000)
                .mapToObj(number -> "w" + Integer.toString(number, 36))
                .collect(Collectors.joining(" "));
    }

    private List<GradedPassage> labels(int queries) {
        List<GradedPassage> labels = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            String document = "d" + i % documents;
            labels.add(new GradedPassage(
                    "q" + i,
                    query(i),
                    Instant.parse("2026-11-01T12:00:00Z").plusSeconds(60L * i),
                    new PassageTexts.Place(key(document), PassageId.of(ContentHash.ofText(document), 0), null, null),
                    1,
                    null,
                    3,
                    null,
                    false));
        }
        return labels;
    }

    @Override
    public void close() {
        database.close();
    }
}
