package io.palimpsest.ingest.source.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class TopicLivesTest {
    @TempDir
    Path dir;

    private TestDatabases databases;
    private Database database;

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open() {
        databases = databases(dir);
        database = Database.open(databases.fresh());
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void eachLifeOfATopicHasTheNextEpoch() {
        TopicLives lives = new TopicLives(database.sql(), "kafka:9092");
        assertThat(lives.epoch("articles", "t", "id-1", 1)).isZero();
        assertThat(lives.epoch("articles", "t", "id-1", 1)).isZero();
        assertThat(lives.epoch("articles", "t", "id-2", 1)).as("made anew").isEqualTo(1);
        assertThat(lives.epoch("articles", "t", "id-2", 3))
                .as("more partitions")
                .isEqualTo(2);
        assertThat(lives.epoch("articles", "u", "id-3", 3)).as("renamed").isEqualTo(3);
        assertThat(lives.epoch("articles", "t", "id-2", 3)).as("and back").isEqualTo(4);
        assertThat(lives.epoch("other", "v", "id-9", 1)).isZero();
        assertThat(new TopicLives(database.sql(), "kafka:9092").epoch("articles", "t", "id-2", 3))
                .isEqualTo(4);
    }
}
