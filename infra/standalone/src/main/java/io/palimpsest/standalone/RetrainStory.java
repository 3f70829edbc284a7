package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.RunsCommand;
import io.palimpsest.standalone.demo.BeirFolder;
import io.palimpsest.standalone.demo.BeirFolder.Question;
import io.palimpsest.standalone.demo.BeirFolder.Text;
import io.palimpsest.standalone.demo.DemoCorpus;
import io.palimpsest.standalone.demo.DemoPeople;
import io.palimpsest.standalone.demo.SpokenQuestions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@code palimpsest demo retrain} tells, chapter by chapter; each is what a person would see and do over HTTP. */
final class RetrainStory {
    private static final String COLLECTION = "default";
    private static final String PATH = "/v1/collections/" + COLLECTION;
    private static final String PREFIX = "demo:";

    /** Sizes are arbitrary: enough for the statistics, few enough for ten minutes. */
    private static final int DOCUMENTS = 1_200;

    private static final int GENERAL = 60;
    private static final int USUAL = 150;
    private static final int SPOKEN_AT_A_TIME = 50;
    private static final int SOLVED = 850;
    private static final int GRADED = 40;

    private static final String ADDED = "The heron in the harbour of Rotterdam counts the ferries every morning.";

    private static final long PAUSE_MILLIS = 250;
    private static final long CHAPTER_SECONDS = 120;
    private static final long RUN_SECONDS = 1_800;

    private final ApiClient client;
    private final List<ApiClient> reviewers;
    private final BeirFolder all;
    private final DemoPeople people;
    private final DemoCorpus corpus;
    private final PrintWriter out;
    private final long started = System.nanoTime();
    private final List<Question> general;
    private final List<Question> usual;
    private final List<Question> spoken;
    private boolean right = true;

    /** @param reviewers keys with the role REVIEW */
    RetrainStory(ApiClient client, List<ApiClient> reviewers, BeirFolder all, PrintWriter out) {
        this.client = client;
        this.reviewers = reviewers;
        this.all = all;
        this.out = out;
        this.people = new DemoPeople(client, COLLECTION, PREFIX);
        this.corpus = new DemoCorpus(client, COLLECTION, PREFIX);
        this.general = all.test().stream().limit(GENERAL).toList();
        this.usual = all.train().stream().limit(USUAL).toList();
        this.spoken = Stream.concat(
                        all.train().stream().skip(USUAL), all.test().stream().skip(GENERAL))
                .map(each -> new Question(each.id(), SpokenQuestions.of(each.text()), each.relevant()))
                .toList();
    }

    /** @return whether everything was as it should be */
    boolean tell() throws InterruptedException {
        List<Question> asked = new ArrayList<>(general);
        asked.addAll(usual);
        asked.addAll(spoken.subList(0, Math.min(SOLVED, spoken.size())));
        Map<String, Text> documents = DemoCorpus.chosen(all, asked, DOCUMENTS);
        chapter("%d documents come in", documents.size());
        corpus.publish(documents);
        new ProgressLine(client, out).untilIdle();
        usualDays();
        String run = otherDays();
        labels(run);
        List<String> others = documents.keySet().stream()
                .filter(id ->
                        asked.stream().noneMatch(question -> question.relevant().contains(id)))
                .toList();
        watched(run, others.getFirst(), others.get(1));
        conclude(run, others.getFirst(), others.get(1));
        return right;
    }

    private void usualDays() throws InterruptedException {
        chapter("Usual days: people type short claims");
        long frozen = corpus.judge(all, general, "general", true);
        say("%d judgements are frozen as the general set: no model may forget it", frozen);
        say("%.0f %% of %d answers get a thumb up", 100 * people.ask(usual), usual.size());
        until(
                CHAPTER_SECONDS,
                "a reference of drift",
                () -> Optional.of(client.get(PATH + "/drift")).filter(drift -> drift.has("reference")));
        say("these days are the reference of drift now; thresholds are calibrated on them");
    }

    /** @return the run that began by itself */
    private String otherDays() throws InterruptedException {
        chapter("Other days: people talk to an assistant, in long and polite sentences");
        Optional<JsonNode> run = Optional.empty();
        boolean alarmed = false;
        for (int from = 0; run.isEmpty() && from + SPOKEN_AT_A_TIME <= SOLVED; from += SPOKEN_AT_A_TIME) {
            double content = people.ask(spoken.subList(from, from + SPOKEN_AT_A_TIME));
            say("%.0f %% of the next %d answers get a thumb up%s", 100 * content, SPOKEN_AT_A_TIME, crossed());
            Optional<JsonNode> alarm = alarmed ? Optional.empty() : alarm();
            alarm.ifPresent(this::tellOf);
            alarmed |= alarm.isPresent();
            run = newestRun();
        }
        JsonNode begun = run.isPresent() ? run.get() : until(CHAPTER_SECONDS, "a run", this::newestRun);
        alarm().ifPresent(now -> now.path("proposals").forEach(proposal -> {
            say(
                    "triage: %s, about %.0f CPU seconds",
                    proposal.path("remedy").asText(),
                    proposal.path("cost").path("cpuSeconds").asDouble());
            proposal.path("evidence").forEach(why -> say("  because %s", why.asText()));
        }));
        say("nobody did anything, and run %s has begun", begun.path("run").asText());
        return begun.path("run").asText();
    }

    private void tellOf(JsonNode alarm) {
        alarm.path("alarm")
                .path("evidence")
                .forEach(each -> say(
                        "ALARM %s: %s",
                        each.path("signal").asText(), each.path("says").asText()));
    }

    private Optional<JsonNode> newestRun() {
        JsonNode runs = client.get(PATH + "/runs").path("runs");
        return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(0));
    }

    private Optional<JsonNode> alarm() {
        for (JsonNode row : client.get(PATH + "/drift").path("alarms")) {
            if (row.path("alarm").path("kind").asText().equals("DRIFT")) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    private String crossed() {
        List<String> signals = new ArrayList<>();
        client.get(PATH + "/drift").path("signals").forEach(signal -> {
            if (signal.path("state").asText().equals("CROSSED")) {
                signals.add(signal.path("signal").asText());
            }
        });
        return signals.isEmpty() ? "" : "; beyond their thresholds: " + String.join(", ", signals);
    }

    private void labels(String run) throws InterruptedException {
        chapter("The run needs labels");
        for (ApiClient reviewer : reviewers) {
            say("a reviewer grades %d items of the queue", people.grade(reviewer, GRADED));
        }
        JsonNode review = client.get(PATH + "/review");
        say("Krippendorff's alpha: %s", review.path("alpha").asText("not known yet"));
        List<Question> solved = spoken.subList(0, Math.min(SOLVED, spoken.size()));
        say("the help desk hands over what it has solved: %d judgements", corpus.judge(all, solved, "spoken", false));
        say("follow it yourself: palimpsest runs show %s", run);
    }

    /** Until the run ends; approves where a person is asked. While the candidate's generation is built, documents change. */
    private void watched(String run, String changed, String deleted) throws InterruptedException {
        chapter("Training, evaluation, approval, roll-out");
        String[] told = {"", ""};
        until(RUN_SECONDS, "the run's end", () -> {
            JsonNode now = client.get("/v1/runs/" + run);
            String stage = now.path("stage").asText();
            if (!stage.equals(told[0])) {
                told[0] = stage;
                say("done: %s", stage);
                if (stage.equals("TRAIN")) {
                    corpus.update(changed, new Text("A late change", ADDED));
                    corpus.delete(deleted);
                    say("meanwhile one document is rewritten, and one deleted");
                }
                if (stage.equals("EVALUATE")) {
                    report(run);
                }
            }
            String progress = now.has("progress") ? RunsCommand.progress(now.path("progress")) : "";
            if (!progress.isEmpty() && !coarse(progress).equals(told[1])) {
                told[1] = coarse(progress);
                say("%s", progress);
            }
            if (now.path("approval").path("outcome").asText().equals("WAITING")) {
                say("a person is asked: palimpsest approve %s --reason \"...\"", run);
                client.post(
                        "/v1/runs/" + run + "/approve",
                        Map.of("reason", "better where people speak, no worse elsewhere"));
                say("approved");
            }
            return now.has("outcome") ? Optional.of(now) : Optional.empty();
        });
    }

    /** A line for every twelfth part or so: without what changes each second. */
    private static String coarse(String progress) {
        String[] words = progress.split(" ", -1);
        StringBuilder rough = new StringBuilder(words[0]);
        for (int i = 1; i + 2 < words.length; i++) {
            if (words[i + 1].equals("of")) {
                long total = Long.parseLong(words[i + 2].replaceAll("\\D", ""));
                return rough.append(Long.parseLong(words[i]) * 12 / Math.max(1, total))
                        .toString();
            }
            rough.append(words[i]);
        }
        return rough.toString();
    }

    private void report(String run) {
        JsonNode report = client.get("/v1/runs/" + run + "/report?format=json");
        for (JsonNode slice : report.path("evaluation").path("slices")) {
            JsonNode ndcg = slice.path("measures").path("NDCG_AT_10");
            say(
                    "  %-22s %4d queries, nDCG@10 %.3f -> %.3f, gain %+.3f [%+.3f, %+.3f]",
                    slice.path("name").asText(),
                    slice.path("queries").asInt(),
                    ndcg.path("serving").asDouble(),
                    ndcg.path("candidate").asDouble(),
                    ndcg.path("gain").asDouble(),
                    ndcg.path("low").asDouble(),
                    ndcg.path("high").asDouble());
        }
        say("  %s", report.path("sentence").asText());
    }

    /** With one step back where it was promoted. */
    private void conclude(String run, String changed, String deleted) throws InterruptedException {
        JsonNode end = client.get("/v1/runs/" + run);
        String outcome = end.path("outcome").asText();
        chapter("The run has ended: %s", outcome);
        say("%s", end.path("reason").asText());
        if (outcome.equals("PROMOTED")) {
            say(
                    "of the spoken questions that nobody had judged, %.0f %% get a thumb up now",
                    100 * people.ask(spoken.subList(spoken.size() - SPOKEN_AT_A_TIME, spoken.size())));
        }
        knowledge(changed, deleted);
        if (outcome.equals("PROMOTED")) {
            client.post(PATH + "/rollback", Map.of("reason", "suppose it was a mistake"));
            say("one step back, on demand: palimpsest rollback --reason \"...\"");
            knowledge(changed, deleted);
        }
        for (JsonNode generation : client.get(PATH + "/generations").path("generations")) {
            say(
                    "generation %s: %s, model %s",
                    generation.path("id").asText(),
                    generation.path("state").asText(),
                    generation.path("model").asText());
        }
        right &= outcome.equals("PROMOTED") || outcome.equals("NOT_BETTER");
        say(right ? "Everything was as it should be." : "Not everything was as it should be: see above.");
        out.printf(Locale.ROOT, "%nIt took %.1f minutes.%n", (System.nanoTime() - started) / 60e9);
        out.flush();
    }

    /** What changed on the way is there in whatever generation is live, and what was deleted is not. */
    private void knowledge(String changed, String deleted) {
        List<String> found = new ArrayList<>();
        client.post(PATH + "/search", Map.of("query", ADDED, "limit", 10))
                .path("hits")
                .forEach(hit -> found.add(hit.path("document").asText()));
        String title = all.documents().getOrDefault(deleted, new Text("", "")).title();
        List<String> gone = new ArrayList<>();
        client.post(PATH + "/search", Map.of("query", title, "limit", 10))
                .path("hits")
                .forEach(hit -> gone.add(hit.path("document").asText()));
        boolean holds = found.contains(PREFIX + changed) && !gone.contains(PREFIX + deleted);
        right &= holds;
        say(holds ? "the rewritten document is found, the deleted one is not" : "!! a change was lost");
    }

    private JsonNode until(long seconds, String what, Callable<Optional<JsonNode>> look) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < deadline) {
            try {
                Optional<JsonNode> found = look.call();
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        throw new ApiClient.CallFailed(
                "waited " + seconds + " s for " + what + ", and it did not come; the log says more");
    }

    private void chapter(String title, Object... arguments) {
        out.println();
        out.printf(Locale.ROOT, "== " + title + "%n", arguments);
        out.flush();
    }

    private void say(String line, Object... arguments) {
        long seconds = (System.nanoTime() - started) / 1_000_000_000;
        out.printf(Locale.ROOT, "[%2d:%02d] " + line + "%n", prepend(seconds / 60, seconds % 60, arguments));
        out.flush();
    }

    private static Object[] prepend(long minutes, long seconds, Object[] rest) {
        Object[] all = new Object[rest.length + 2];
        all[0] = minutes;
        all[1] = seconds;
        System.arraycopy(rest, 0, all, 2, rest.length);
        return all;
    }
}
