package io.palimpsest.standalone;

import io.palimpsest.embedded.InMemoryTemporal;
import io.palimpsest.embedded.TemporalDevServer;
import io.palimpsest.embedded.TemporalProgram;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.config.TemporalSettings;
import io.palimpsest.platform.temporal.TemporalConnection;
import io.palimpsest.retrain.workflow.RunAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Temporal server that the settings name, or one of our own: the development server where its program is there, else in memory. */
final class TemporalChoice {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalChoice.class);

    private TemporalChoice() {}

    /** @param closing gets the server, where it is ours */
    static TemporalConnection open(Settings settings, Closing closing) {
        TemporalSettings temporal = settings.temporal();
        if (temporal.address().isPresent()) {
            return TemporalConnection.open(temporal, RunAttributes.NAMES);
        }
        Optional<TemporalProgram> program = TemporalProgram.find(
                temporal.program(), Optional.ofNullable(System.getenv("PATH")).orElse(""));
        if (program.isEmpty()) {
            LOG.atInfo().log(
                    "no temporal program on the PATH: workflows run in memory, without a UI. For one: {}",
                    TemporalProgram.HOW_TO_GET);
            InMemoryTemporal server = closing.add(InMemoryTemporal.start());
            return TemporalConnection.inMemory(server.channel(), InMemoryTemporal.NAMESPACE);
        }
        TemporalDevServer server = closing.add(TemporalDevServer.start(
                program.get(), settings.dataDir().resolve("temporal"), temporal.uiPort(), RunAttributes.NAMES));
        return TemporalConnection.open(temporal.at(server.address()), RunAttributes.NAMES);
    }
}
