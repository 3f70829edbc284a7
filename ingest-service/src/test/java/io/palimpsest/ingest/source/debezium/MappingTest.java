package io.palimpsest.ingest.source.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappingTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    @Test
    void aWholeMappingIsRead() throws Exception {
        TableMapping table = Mapping.read(file("""
                {"tables": [{
                  // comments are allowed
                  "name": "articles", "topic": "cms.public.articles", "format": "flattened",
                  "id": "db://articles/{region}/{id}",
                  "content": {"column": "body", "encoding": "hex"}, "contentTypeColumn": "mime",
                  "title": "headline", "location": "https://cms/{slug}", "fileName": "file",
                  "access": [{"column": "readers", "prefix": "group:", "delimiter": ";"}],
                  "labels": {"lang": "language"}, "sensitive": "secret", "collection": "handbook",
                  "types": {"price": "decimal(2)"}}]}
                """)).tables().getFirst();

        assertThat(table.source()).isEqualTo("debezium:articles");
        assertThat(table.id().columns()).containsExactly("region", "id");
        assertThat(table.format()).isEqualTo(TableMapping.Format.FLATTENED);
        assertThat(table.content().encoding()).contains(TableMapping.Encoding.HEX);
        assertThat(table.access()).containsExactly(new TableMapping.Access("readers", "group:", ";"));
        assertThat(table.types()).containsEntry("price", new ColumnType(ColumnType.Kind.DECIMAL, 2));
    }

    @Test
    void everythingThatIsWrongIsSaidWithFileAndField() throws Exception {
        Path file = file("""
                {"tables": [
                  {"name": "Articles", "topik": "cms.public.articles", "id": "db://articles",
                   "content": {"column": "body", "encodng": "text"}, "reference": "url", "format": "avro",
                   "access": [{"colum": "x"}], "types": {"at": "instant"}, "labels": ["x"], "title": 3},
                  {"name": "b", "topic": "corpus.document.inbox.v1", "id": "{a}-{b}", "content": "c"},
                  {"name": "b", "topic": "t", "id": "{a", "content": "c", "collection": "no such/name"}]}
                """);
        refused(file)
                .contains(file.toString())
                .contains("tables[0].name: has up to 40 small letters")
                .contains("tables[0].topik: no such field; did you mean topic?")
                .contains("tables[0].topic: is missing")
                .contains("tables[0].id: names no column")
                .contains("tables[0].content: give the content's column here, or")
                .contains("tables[0].format: must be one of envelope, flattened")
                .contains("tables[0].access[0].colum: no such field; did you mean column?")
                .contains("tables[0].types.at: must be one of date")
                .contains("tables[0].labels: must be an object")
                .contains("tables[0].title: must be a text")
                .contains("tables[1].topic: is one of our own")
                .contains("tables[1].id: needs a separator")
                .contains("tables[2].id: has a brace")
                .contains("tables[2].collection: ")
                .contains("tables[2].name: there are two");
    }

    @Test
    void whatIsNoMappingIsRefused() throws Exception {
        refused(dir.resolve("none.json")).contains("cannot be read: put it there");
        refused(file("{\"tables\": [")).contains("is not JSON").contains("line 1");
        refused(file("{}")).contains("tables: must be a list");
        refused(file("[]")).contains("must be an object");
        refused(file("{\"tables\":[7]}")).contains("tables[0]: must be an object");
        refused(file("{\"tables\":[],\"tables\":[]}")).contains("is not JSON");
        refused(file("")).contains("must be");
    }

    private static AbstractStringAssert<?> refused(Path file) {
        Throwable[] thrown = new Throwable[1];
        assertThatThrownBy(() -> Mapping.read(file)).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID);
            thrown[0] = e;
        });
        return assertThat(String.valueOf(thrown[0].getMessage()));
    }

    private Path file(String json) throws IOException {
        return Files.writeString(dir.resolve("mapping.json"), json);
    }
}
