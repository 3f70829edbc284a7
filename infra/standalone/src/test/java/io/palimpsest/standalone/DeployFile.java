package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A YAML file of infra/deploy, read with its anchors and merge keys, which Jackson leaves as they stand. */
final class DeployFile {
    static final Path FOLDER = SourceTree.ROOT.resolve("infra/deploy");
    private static final int ALIASES = 1_000; // arbitrary: the parser's guard against bombs allows 50

    private DeployFile() {}

    static JsonNode read(String name) {
        return documents(SourceTree.read(FOLDER.resolve(name))).getFirst();
    }

    /** Without those that are empty. */
    static List<JsonNode> documents(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(ALIASES);
        YAMLMapper mapper = new YAMLMapper();
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(options)).loadAll(yaml).forEach(document -> {
            if (Objects.nonNull(document)) {
                documents.add(mapper.valueToTree(document));
            }
        });
        return documents;
    }

    static List<String> words(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }
}
