package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class MainTest {
    @TestFactory
    Stream<DynamicTest> everyCommandExplainsItself() {
        List<List<String>> commands = new ArrayList<>();
        collect(Main.commandLine(Map.of()), List.of(), commands);
        return commands.stream()
                .map(command -> DynamicTest.dynamicTest(
                        "palimpsest " + String.join(" ", command), () -> explainsItself(command)));
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> commands) {
        line.getSubcommands().forEach((name, command) -> {
            List<String> here = new ArrayList<>(path);
            here.add(name);
            if (!name.equals("help")) {
                commands.add(here);
            }
            collect(command, here, commands);
        });
    }

    private static void explainsItself(List<String> command) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine(Map.of()).setOut(new PrintWriter(out));
        List<String> words = new ArrayList<>(command);
        words.add("--help");

        int exit = line.execute(words.toArray(String[]::new));

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("Usage:", command.getLast());
    }

    @Test
    void anUnknownWordIsWrongUsage() {
        StringWriter err = new StringWriter();

        int exit = Main.commandLine(Map.of()).setErr(new PrintWriter(err)).execute("frobnicate");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("frobnicate");
    }
}
