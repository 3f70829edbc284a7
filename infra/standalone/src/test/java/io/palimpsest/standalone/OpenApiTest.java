package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.config.ServiceSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The OpenAPI document has exactly the routes that the code registers. Fix a failure by correcting openapi.yaml. */
final class OpenApiTest {
    private static final Path DOCUMENT = SourceTree.ROOT.resolve("infra/standalone/src/main/resources/openapi.yaml");
    private static final Pattern ROUTE =
            Pattern.compile("\\broutes\\.(get|post|put|patch|delete)\\(\\s*(\"[^\"]+\"|[A-Z_]+)\\s*,");
    private static final Pattern CONSTANT = Pattern.compile("static final String ([A-Z_]+) = (\"[^\"]+\");");

    @Test
    void routesOfTheDocumentAreTheRoutesOfTheCode() {
        assertThat(documented()).isEqualTo(registered());
    }

    /** Those of the registry are in every process. */
    @Test
    void everyRouteThatNeedsAKeyIsOfOneServiceWhichTheOthersName() {
        List<String> elsewhere = Stream.of(ServiceSettings.Service.values())
                .flatMap(service -> new Elsewhere(service).served().stream())
                .map(route -> route.replace('<', '{').replace('>', '}'))
                .filter(route -> route.contains(" /v1/"))
                .toList();
        assertThat(elsewhere)
                .containsExactlyInAnyOrderElementsOf(documented().stream()
                        .filter(route -> route.contains(" /v1/") && !route.contains(" /v1/registry/"))
                        .toList());
    }

    @Test
    void everyReferenceOfTheDocumentResolves() {
        JsonNode document = OpenApi.parse(SourceTree.read(DOCUMENT)).document();
        Set<String> references = new TreeSet<>(document.findValuesAsText("$ref"));
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
    }

    /** In a flow mapping an unquoted comma begins the next key. */
    @Test
    void noDescriptionOfTheDocumentIsCutAtItsComma() {
        assertThat(keysWithoutAValue(OpenApi.parse(SourceTree.read(DOCUMENT)).document()))
                .as("put quotes around the description that holds it")
                .isEmpty();
    }

    private static List<String> keysWithoutAValue(JsonNode node) {
        return Stream.concat(
                        node.properties().stream()
                                .filter(each -> each.getValue().isNull())
                                .map(Map.Entry::getKey),
                        node.valueStream().flatMap(each -> keysWithoutAValue(each).stream()))
                .toList();
    }

    /** An answer that programs read has a form; what has none has no body. */
    @Test
    void everyAnswerOfARouteThatNeedsAKeyHasAForm() {
        assertThat(OpenApi.parse(SourceTree.read(DOCUMENT)).operations())
                .filteredOn(OpenApi.Operation::needsKey)
                .allSatisfy(operation -> {
                    JsonNode responses = operation.description().path("responses");
                    assertThat(responses.has("default"))
                            .as(operation.toString())
                            .isTrue();
                    responses
                            .properties()
                            .forEach(response -> assertThat(response.getValue().has("content")
                                            || response.getValue().has("$ref")
                                            || response.getKey().equals("204"))
                                    .as(operation + ", " + response.getKey())
                                    .isTrue());
                });
    }

    @Test
    void everyRouteThatNeedsAKeyNamesTheRolesThatMayCallIt() {
        assertThat(OpenApi.parse(SourceTree.read(DOCUMENT)).operations()).allSatisfy(operation -> {
            assertThat(operation.roles().isEmpty()).as(operation.toString()).isEqualTo(!operation.needsKey());
            assertThat(operation.needsKey())
                    .as(operation.toString())
                    .isEqualTo(operation.path().startsWith("/v1/"));
        });
    }

    private static Set<String> documented() {
        return OpenApi.parse(SourceTree.read(DOCUMENT)).operations().stream()
                .map(OpenApi.Operation::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> registered() {
        TreeSet<String> routes = new TreeSet<>();
        for (Path file : SourceTree.files(".", ".java")) {
            if (file.toString().contains("src/main")) {
                String source = SourceTree.read(file);
                Map<String, String> constants = CONSTANT.matcher(source)
                        .results()
                        .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2), (a, b) -> a));
                ROUTE.matcher(source).results().forEach(found -> routes.add(route(found, constants)));
            }
        }
        return routes;
    }

    /** {@code <id>} takes slashes in Javalin; OpenAPI has no such parameter. */
    private static String route(MatchResult found, Map<String, String> constants) {
        String path = found.group(2);
        String literal = path.startsWith("\"") ? path : constants.getOrDefault(path, path);
        return found.group(1).toUpperCase(Locale.ROOT) + " "
                + literal.replace("\"", "").replace('<', '{').replace('>', '}');
    }
}
