package io.palimpsest.platform.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFormatTest {
    @Test
    void aLineInTheFileIsJsonWithItsKeys(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("palimpsest.log");
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("palimpsest.log", "FILE");
        context.putProperty("palimpsest.log.file", file.toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        URL configuration = Objects.requireNonNull(LogFormatTest.class.getResource("/logback.xml"));
        configurator.doConfigure(configuration);

        context.start();
        context.getLogger("io.palimpsest.test")
                .atWarn()
                .addKeyValue(LogKey.ERROR_CODE.key(), "PAL-301")
                .log("a \"quoted\" message\nin two lines");
        context.stop();

        List<String> lines = Files.readAllLines(file, UTF_8);
        assertThat(lines).hasSize(1);
        JsonNode line = Json.mapper().readTree(lines.getFirst());
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("formattedMessage").asText()).isEqualTo("a \"quoted\" message\nin two lines");
        assertThat(line.path("kvpList").path(0).path("errorCode").asText()).isEqualTo("PAL-301");
    }
}
