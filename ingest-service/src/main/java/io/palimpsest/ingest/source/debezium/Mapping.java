package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file that {@code debezium.source.mapping} names, checked. Failure: CONFIG_INVALID with everything that is wrong, each by
 * its field and with what to do.
 */
public record Mapping(List<TableMapping> tables) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonParser.Feature.ALLOW_COMMENTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public Mapping {
        tables = List.copyOf(tables);
    }

    public static Mapping read(Path file) {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw invalid(
                    file,
                    List.of("it is not JSON: " + e.getOriginalMessage()
                            + (e.getLocation() == null
                                    ? ""
                                    : ", line " + e.getLocation().getLineNr())));
        } catch (IOException e) {
            throw invalid(file, List.of("it cannot be read: put it there, or correct debezium.source.mapping"));
        }
        List<String> problems = new ArrayList<>();
        List<TableMapping> tables = tables(root, problems);
        if (!problems.isEmpty()) {
            throw invalid(file, problems);
        }
        return new Mapping(tables);
    }

    private static List<TableMapping> tables(JsonNode root, List<String> problems) {
        Fields fields = new Fields("", root, problems);
        fields.only(Set.of("tables"));
        JsonNode list = root.path("tables");
        List<TableMapping> tables = new ArrayList<>();
        if (!list.isArray() || list.isEmpty()) {
            problems.add("tables: must be a list of at least one table");
            return tables;
        }
        Set<String> names = new HashSet<>();
        Set<String> topics = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String at = "tables[" + i + "]";
            TableMapping table = new TableReader(new Fields(at + ".", list.get(i), problems)).table();
            if (!table.name().isEmpty() && !names.add(table.name())) {
                problems.add(at + ".name: there are two of the name " + table.name());
            }
            if (!table.topic().isEmpty() && !topics.add(table.topic())) {
                problems.add(at + ".topic: there are two of the topic " + table.topic());
            }
            tables.add(table);
        }
        return tables;
    }

    private static PalimpsestException invalid(Path file, List<String> problems) {
        return new PalimpsestException(
                ErrorCode.CONFIG_INVALID,
                "debezium.source.mapping: " + file + " is wrong:\n  - " + String.join("\n  - ", problems));
    }
}
