package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.temporal.TemporalConnection;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.TemporalEngine;
import org.junit.jupiter.api.Test;

/** Tests run the development server, compose and the chart the server itself: of one version. */
@NeedsEngine(EngineKind.TEMPORAL)
final class DeployedTemporalIT {
    private final TemporalEngine temporal;

    DeployedTemporalIT(TemporalEngine temporal) {
        this.temporal = temporal;
    }

    @Test
    void composeRunsTheServerThatIsTested() {
        String image =
                DeployFile.read("compose.yaml").at("/services/temporal/image").asText();
        try (TemporalConnection connection = TemporalConnection.open(new SettingSources()
                .set("temporal.address", temporal.target())
                .load()
                .temporal())) {
            assertThat(image).endsWith(":" + connection.serverVersion() + "}");
        }
    }
}
