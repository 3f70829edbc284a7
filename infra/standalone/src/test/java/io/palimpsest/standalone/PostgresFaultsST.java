package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.RestartablePostgres;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL is killed, stands still, takes no writes, lets nobody in, under running services: the intake says so in bounded
 * time, readiness names the database, nothing accepted is lost, and everything goes on without a person.
 */
@NeedsEngine(EngineKind.POSTGRES)
final class PostgresFaultsST {
    /** Five seconds until a statement counts as long, five until the server counts as standing still, then the pool's two. */
    private static final Duration ANSWER = Duration.ofSeconds(25);

    private static final String END_OTHERS =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'test'";

    @TempDir
    private Path directory;

    private final Set<String> accepted = new HashSet<>();
    private int documents;

    @Test
    void aDatabaseThatFailsInAnyWayIsWaitedFor() throws Exception {
        try (RestartablePostgres server = RestartablePostgres.create();
                House house = House.start(directory.resolve("data"), settings(server.settings()))) {
            String name = "PostgreSQL at " + server.settings().url();
            String user = server.settings().user();
            String password = server.settings().password().value();
            goesOn(house);

            some(house);
            server.crash();
            refused(house, name, "does not answer", "is it running");
            server.start();
            goesOn(house);

            some(house);
            server.pause();
            try {
                refused(house, name, "does not answer", "is it running");
            } finally {
                server.goOn();
            }
            goesOn(house);

            some(house);
            server.asOperator("ALTER ROLE " + user + " SET default_transaction_read_only = on", END_OTHERS);
            refused(house, name, "takes no writes", "primary");
            // Connections that were made meanwhile stay read-only for as long as they live.
            server.asOperator("ALTER ROLE " + user + " RESET default_transaction_read_only");
            goesOn(house);

            some(house);
            server.asOperator("ALTER ROLE " + user + " PASSWORD 'rotated'", END_OTHERS);
            refused(house, name, "does not let database.user in", "database.password");
            server.asOperator("ALTER ROLE " + user + " PASSWORD '" + password + "'");
            goesOn(house);

            house.settled();
            assertThat(house.found("keyword", "otters")).containsExactlyInAnyOrderElementsOf(accepted);
        }
    }

    private static Map<String, String> settings(DatabaseSettings database) {
        return Map.of(
                "database.url",
                database.url(),
                "database.user",
                database.user(),
                "database.password",
                database.password().value(),
                "database.busy.timeout.ms",
                "2000");
    }

    /** Accepted, and not yet indexed when the fault comes. */
    private void some(House house) throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(publish(house)).extracting(HttpResponse::statusCode).isEqualTo(202);
        }
    }

    private void refused(House house, String name, String what, String toDo) throws Exception {
        long begin = System.nanoTime();
        House.until(() -> {
            long asked = System.nanoTime();
            HttpResponse<String> answer = publish(house);
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            assertThat(took).isLessThan(ANSWER);
            if (answer.statusCode() == 202) {
                return false;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            JsonNode problem = House.json(answer);
            assertThat(problem.path("code").asText()).isEqualTo("PAL-703");
            if (!problem.path("message").asText().contains(what)) { // another trouble, on the way into this one
                return false;
            }
            assertThat(problem.path("message").asText()).startsWith(name).contains(toDo);
            System.out.println("MEASURED " + what + ": refused after " + took.toMillis() + " ms, "
                    + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms after the fault");
            return true;
        });
        House.until(() -> {
            HttpResponse<String> ready = house.get("/health/ready", null);
            JsonNode database = House.json(ready).path("parts").path("database");
            return ready.statusCode() == 503
                    && !database.path("ready").asBoolean(true)
                    && database.path("detail").asText().contains(what);
        });
    }

    private void goesOn(House house) throws Exception {
        long begin = System.nanoTime();
        House.until(() -> publish(house).statusCode() == 202);
        house.untilReady();
        House.until(() -> house.found("keyword", "otters").size() == accepted.size());
        System.out.println("MEASURED everything found "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms after the end of the fault");
    }

    /** A new document at each call. */
    private HttpResponse<String> publish(House house) throws Exception {
        String document = "doc:" + ++documents;
        String event = house.event("created", document, House.markdown("Otters swim in river " + documents + "."));
        HttpResponse<String> answer =
                house.post(event.getBytes(UTF_8), "application/cloudevents+json", house.palimpsest.key());
        if (answer.statusCode() == 202) {
            accepted.add(document);
        }
        return answer;
    }
}
