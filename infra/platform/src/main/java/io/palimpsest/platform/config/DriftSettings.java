package io.palimpsest.platform.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Drift: windows, the reference, and alarms.
 *
 * @param falseAlarmRate per window, all signals together, 0 exclusive to 1
 * @param referenceSamples queries of the first reference
 */
public record DriftSettings(
        int windowSamples,
        Duration windowPace,
        Duration windowLimit,
        int feedbackSamples,
        double falseAlarmRate,
        int referenceSamples,
        Alarms alarms,
        Duration selfTestEvery,
        Canaries canaries) {

    /** Known questions that are asked on a timer: how often, and how many at most. */
    public record Canaries(Duration every, int questions) {}

    /**
     * When crossings make an alarm.
     *
     * @param crossings of the last {@code windows}
     * @param clearBelow share of the threshold
     * @param quiet empty: never
     */
    public record Alarms(
            int crossings, int windows, long minSamples, double clearBelow, Duration coolDown, Optional<Quiet> quiet) {}

    /** From (inclusive) to (exclusive), perhaps over midnight. */
    public record Quiet(LocalTime from, LocalTime to, ZoneId zone) {}

    static void define(Definition definition) {
        definition
                .group("Drift")
                .integer(
                        "drift.window.samples",
                        50,
                        20,
                        500,
                        "Queries of the smallest window; two and four of these make the larger ones, which find smaller drift.")
                .duration(
                        "drift.window.pace",
                        "PT10S",
                        "A window lasts at least so long: under more queries it samples their embeddings.")
                .duration("drift.window.limit", "PT24H", "A window lasts at most so long, even if few queries come.")
                .integer("drift.feedback.samples", 50, 20, 1_000, "Answers of a window of feedback.")
                .ratio(
                        "drift.false.alarm.rate",
                        0.01,
                        0.0005,
                        0.2,
                        "False alarms per window that are put up with, all signals together; thresholds are calibrated to it.")
                .integer(
                        "drift.reference.samples",
                        500,
                        100,
                        2_000,
                        "Queries of a reference. The first one is taken by itself when a collection has had so many.")
                .integer("drift.alarm.crossings", 2, 1, 50, "Windows beyond the threshold that make an alarm.")
                .integer("drift.alarm.windows", 3, 1, 50, "Among so many of the last windows.")
                .integer("drift.alarm.min.samples", 20, 1, 100_000, "Windows of fewer samples make no alarm.")
                .ratio(
                        "drift.alarm.clear.below",
                        0.9,
                        0.1,
                        1,
                        "An alarm ends when all of the last windows are below this share of the threshold.")
                .duration("drift.alarm.cool.down", "PT6H", "After an alarm no other comes for so long.")
                .text(
                        "drift.alarm.quiet",
                        "",
                        "Hours in which no alarm comes, such as 22:00-06:00 or 22:00-06:00 Europe/Zurich (else UTC). Empty: none.")
                .duration("drift.self.test.every", "P1D", "How often drift is injected to see whether the alarms work.")
                .duration(
                        "drift.canary.every",
                        "PT1H",
                        "How often judged questions are asked to see whether they still find what they did.")
                .integer(
                        "drift.canary.questions",
                        100,
                        20,
                        2_000,
                        "Judged questions that are asked, the frozen general ones first.");
    }

    static DriftSettings of(Values values) {
        return new DriftSettings(
                values.integer("drift.window.samples"),
                values.duration("drift.window.pace"),
                values.duration("drift.window.limit"),
                values.integer("drift.feedback.samples"),
                values.ratio("drift.false.alarm.rate"),
                values.integer("drift.reference.samples"),
                new Alarms(
                        values.integer("drift.alarm.crossings"),
                        values.integer("drift.alarm.windows"),
                        values.integer("drift.alarm.min.samples"),
                        values.ratio("drift.alarm.clear.below"),
                        values.duration("drift.alarm.cool.down"),
                        values.optional("drift.alarm.quiet").map(DriftSettings::quiet)),
                values.duration("drift.self.test.every"),
                new Canaries(values.duration("drift.canary.every"), values.integer("drift.canary.questions")));
    }

    /** What no single value can be checked for. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        if (values.integer("drift.alarm.crossings") > values.integer("drift.alarm.windows")) {
            problems.add("drift.alarm.crossings: must not be more than drift.alarm.windows");
        }
        if (values.duration("drift.window.limit").compareTo(values.duration("drift.window.pace")) <= 0) {
            problems.add("drift.window.limit: must be longer than drift.window.pace");
        }
        if (values.duration("drift.self.test.every").toMillis() < 1_000) {
            problems.add("drift.self.test.every: must be a second or longer");
        }
        if (values.duration("drift.canary.every").toSeconds() < 1) {
            problems.add("drift.canary.every: must be a second or longer");
        }
        if (values.integer("drift.reference.samples") < 2 * values.integer("drift.window.samples")) {
            problems.add("drift.reference.samples: must be at least twice drift.window.samples");
        }
        try {
            Optional<Quiet> unused = values.optional("drift.alarm.quiet").map(DriftSettings::quiet);
        } catch (DateTimeException | IllegalArgumentException e) {
            problems.add("drift.alarm.quiet: must be like 22:00-06:00, and may name a time zone");
        }
        return problems;
    }

    private static Quiet quiet(String text) {
        String[] parts = text.split("\\s+", 2);
        String[] hours = parts[0].split("-", -1);
        if (hours.length != 2) {
            throw new IllegalArgumentException("not two times");
        }
        return new Quiet(
                LocalTime.parse(hours[0]), LocalTime.parse(hours[1]), ZoneId.of(parts.length == 2 ? parts[1] : "UTC"));
    }
}
