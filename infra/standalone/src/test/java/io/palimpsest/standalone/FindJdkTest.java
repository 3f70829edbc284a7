package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which JDK the launcher and {@code mvnw} take, on every shell that is here; fake JDKs of release 98 and 99 are the newest. */
final class FindJdkTest {
    private static final String SYSTEM_PATH = "/usr/bin:/bin";
    private static final String SCRIPT = "set -eu; . \"$0\"; find_jdk || exit 1; printf %s \"$JAVA_HOME\"";

    @TempDir
    Path dir = Path.of("");

    /** What a script printed on both streams. */
    private record Said(int status, String words) {}

    static List<String> shells() {
        return Stream.of("sh", "dash", "bash", "busybox")
                .filter(shell -> shell.equals("sh") || isHere(shell))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aJdkWithoutReleaseFileIsAskedForItsVersion(String shell) throws Exception {
        Path jdk = jdk("given", "99.0.1");
        assertThat(find(shell, Map.of("JAVA_HOME", jdk.toString(), "HOME", dir.toString())))
                .isEqualTo(new Said(0, jdk.toString()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theNewestOfTheUsualPlacesIsTakenWhetherItHasAReleaseFileOrNot(String shell) throws Exception {
        Path written = jdk(".jdks/a", "98");
        Files.writeString(written.resolve("release"), "JAVA_VERSION=\"98.0.2\"\n");
        Path asked = jdk(".jdks/b", "99-ea");
        jdk(".jdks/c", "1.8.0_202");
        assertThat(find(shell, Map.of("HOME", dir.toString()))).isEqualTo(new Said(0, asked.toString()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutHomeTheFolderOfTheAccountIsLookedAt(String shell) throws Exception {
        Path jdk = jdk("account/.jdks/a", "99");
        program(dir.resolve("bin/getent"), "echo 'me:x:1:1::" + dir.resolve("account") + ":/bin/sh'");
        assertThat(find(shell, Map.of("PATH", dir.resolve("bin") + ":" + SYSTEM_PATH)))
                .isEqualTo(new Said(0, jdk.toString()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutHomeAndWithoutAccountThePathIsLookedAt(String shell) throws Exception {
        Path jdk = jdk("elsewhere", "99");
        program(dir.resolve("bin/getent"), "exit 2");
        assertThat(find(shell, Map.of("PATH", dir.resolve("bin") + ":" + jdk.resolve("bin") + ":" + SYSTEM_PATH)))
                .isEqualTo(new Said(0, jdk.toString()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aRuntimeWithoutCompilerAndAnOldJdkAreNoJdk(String shell) throws Exception {
        Path old = jdk("old", "17.0.1");
        Path runtime = jdk(".jdks/runtime", "99");
        Files.delete(runtime.resolve("bin/javac"));
        Path jdk = jdk(".jdks/good", "98");
        assertThat(find(shell, Map.of("JAVA_HOME", old.toString(), "HOME", dir.toString())))
                .isEqualTo(new Said(0, jdk.toString()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void mavenIsFoundWithoutHome(String shell) throws Exception {
        Path root = Files.createDirectories(dir.resolve("checkout"));
        for (String file : List.of("mvnw", ".mvn/find-jdk.sh", ".mvn/wrapper/maven-wrapper.properties")) {
            Path copy = root.resolve(file);
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            Files.copy(SourceTree.ROOT.resolve(file), copy);
        }
        String archive = SourceTree.read(root.resolve(".mvn/wrapper/maven-wrapper.properties"))
                .replaceAll("(?s).*distributionUrl=\\S*/(\\S+)-bin\\.tar\\.gz.*", "$1");
        program(
                dir.resolve("account/.m2/wrapper/dists").resolve(archive).resolve("bin/mvn"),
                "printf '%s' \"$JAVA_HOME $*\"");
        program(dir.resolve("bin/getent"), "echo 'me:x:1:1::" + dir.resolve("account") + ":/bin/sh'");
        Path jdk = jdk("given", "99");
        Map<String, String> environment =
                Map.of("JAVA_HOME", jdk.toString(), "PATH", dir.resolve("bin") + ":" + SYSTEM_PATH);
        assertThat(run(command(shell, root.resolve("mvnw").toString(), "verify"), environment))
                .isEqualTo(new Said(0, jdk + " verify"));
    }

    private static Said find(String shell, Map<String, String> environment) throws Exception {
        return run(
                command(
                        shell,
                        "-c",
                        SCRIPT,
                        SourceTree.ROOT.resolve(".mvn/find-jdk.sh").toString()),
                environment);
    }

    private static List<String> command(String shell, String... arguments) {
        List<String> command = new ArrayList<>(shell.equals("busybox") ? List.of(shell, "sh") : List.of(shell));
        command.addAll(List.of(arguments));
        return command;
    }

    /** In an environment that is the given one alone. */
    private static Said run(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", SYSTEM_PATH);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), words);
    }

    /** A JDK without release file that says its version as java does: on the error stream. */
    private Path jdk(String folder, String version) throws IOException {
        Path home = dir.resolve(folder);
        program(home.resolve("bin/java"), "echo 'openjdk version \"" + version + "\" 2099-01-01' >&2");
        program(home.resolve("bin/javac"), "exit 0");
        return home;
    }

    private static void program(Path file, String line) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static boolean isHere(String program) {
        return Stream.of(SYSTEM_PATH.split(":", -1)).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
