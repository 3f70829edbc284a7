package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every name in ARCHITECTURE.md exists, and every topic is in it. Fix a failure by correcting the page. */
final class ArchitecturePageTest {
    private static final String PAGE = SourceTree.read(SourceTree.ROOT.resolve("ARCHITECTURE.md"));
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("[A-Z]\\w*[a-z0-9](Test|IT|ST)");
    private static final Pattern CLASS = Pattern.compile("[A-Z]\\w*[a-z]\\w*(#\\w+)?");
    private static final Pattern TOPIC = Pattern.compile("[a-z.-]+\\.v\\d+");
    private static final Pattern MODULE = Pattern.compile("(infra/)?[a-z]+(-service|-workflow)?");

    @Test
    void everyClassAndMethodExists() {
        JavaClasses house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.palimpsest");
        assertThat(names(CLASS).stream().filter(name -> !TEST.matcher(name).matches()))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(house.stream().anyMatch(type -> isNamed(type, name)))
                        .as(name)
                        .isTrue());
    }

    @Test
    void everyTestExists() {
        Set<String> tests = SourceTree.files(".", ".java").stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertThat(names(TEST))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(tests).contains(name));
    }

    @Test
    void topicsOfThePageAreTheTopicsOfTheCatalogue() {
        assertThat(names(TOPIC))
                .isEqualTo(Topics.all().stream().map(Topic::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyModuleExistsAndIsOnThePage() {
        Set<String> modules = names(MODULE).stream()
                .filter(name ->
                        name.contains("-service") || name.equals("retrain-workflow") || name.startsWith("infra/"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(modules)
                .allSatisfy(name -> assertThat(Files.isRegularFile(
                                SourceTree.ROOT.resolve(name).resolve("pom.xml")))
                        .as(name)
                        .isTrue());
        Matcher built = Pattern.compile("<module>([^<]+)</module>")
                .matcher(SourceTree.read(SourceTree.ROOT.resolve("pom.xml")));
        List<String> all = new ArrayList<>();
        while (built.find()) {
            all.add(built.group(1));
        }
        assertThat(modules).containsExactlyInAnyOrderElementsOf(all);
    }

    private static boolean isNamed(JavaClass type, String name) {
        String[] parts = name.split("#", 2);
        return type.getSimpleName().equals(parts[0])
                && (parts.length == 1
                        || type.getMethods().stream()
                                .anyMatch(method -> method.getName().equals(parts[1])));
    }

    private static Set<String> names(Pattern pattern) {
        return CODE.matcher(PAGE)
                .results()
                .map(match -> match.group(1))
                .filter(name -> pattern.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
