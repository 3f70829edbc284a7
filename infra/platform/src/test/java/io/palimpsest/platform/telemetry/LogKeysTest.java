package io.palimpsest.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LogKeysTest {
    private static final Pattern KEY = Pattern.compile("\\.addKeyValue\\(\\s*(\"[^\"]*\"|[^,]+),");
    private static final Set<String> SKIPPED = Set.of("target", ".git", "shared", "node_modules");

    @Test
    void everyLogLineOfTheHouseUsesKeysOfTheClosedList() throws IOException {
        Set<String> allowed = new HashSet<>();
        Arrays.stream(LogKey.values()).forEach(key -> {
            allowed.add('"' + key.key() + '"');
            allowed.add("LogKey." + key.name() + ".key()");
        });
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path source : sources(Path.of(Objects.requireNonNull(System.getProperty("palimpsest.root"))))) {
            Matcher matcher = KEY.matcher(Files.readString(source));
            while (matcher.find()) {
                seen++;
                if (!allowed.contains(matcher.group(1).strip())) {
                    wrong.add(source.getFileName() + ": " + matcher.group(1));
                }
            }
        }

        assertThat(seen).isPositive();
        assertThat(wrong).as("use a key of LogKey, or say it in the message").isEmpty();
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java") && file.toString().contains("src/main/java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }
}
