package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.demo.BeirFolder;
import io.palimpsest.standalone.demo.BeirFolder.Question;
import io.palimpsest.standalone.demo.BeirFolder.Text;
import io.palimpsest.standalone.demo.DemoCorpus;
import io.palimpsest.standalone.demo.DemoPeople;
import io.palimpsest.standalone.demo.SpokenQuestions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code palimpsest demo retrain} tells, chapter by chapter; each is what a person would see and do over HTTP. */
final class RetrainStory {
    private static final String COLLECTION = "default";
    private static final String PATH = "/v1/collections/" + COLLECTION;
    private static final String PREFIX = "demo:";

    /** Sizes are arbitrary: enough for the statistics, few enough for ten minutes. */
    private static final int DOCUMENTS = 1_200;

    private static final int GENERAL = 60;
    private static final int USUAL = 200;
    private static final int SPOKEN_AT_A_TIME = 50;
    private static final int SOLVED = 790;
    private static final int GRADED = 40;
    private static final int LEAST_SPOKEN = 400;

    private static final String ADDED = "The heron in the harbour of Rotterdam counts the ferries every morning.";

    private static final long CHAPTER_SECONDS = 120;

    private final ApiClient client;
    private final List<ApiClient> reviewers;
    private final BeirFolder all;
    private final DemoPeople people;
    private final DemoCorpus corpus;
    private final PrintWriter out;
    private final Telling telling;
    private final List<Question> general;
    private final List<Question> usual;
    private final List<Question> solved;
    private final List<Question> unjudged;
    private double contentBefore;
    private boolean right = true;

    /**
     * @param reviewers keys with the role REVIEW
     * @throws PalimpsestException DATA_INVALID where the collection has too few questions
     */
    RetrainStory(ApiClient client, List<ApiClient> reviewers, BeirFolder all, PrintWriter out) {
        this.client = client;
        this.reviewers = reviewers;
        this.all = all;
        this.out = out;
        this.telling = new Telling(out);
        this.people = new DemoPeople(client, COLLECTION, PREFIX);
        this.corpus = new DemoCorpus(client, COLLECTION, PREFIX);
        this.general = all.test().stream().limit(GENERAL).toList();
        this.usual = all.train().stream().limit(USUAL).toList();
        List<Question> spoken = Stream.concat(
                        all.train().stream().skip(USUAL), all.test().stream().skip(GENERAL))
                .map(each -> new Question(each.id(), SpokenQuestions.of(each.text()), each.relevant()))
                .toList();
        if (all.test().size() < GENERAL || all.train().size() < USUAL || spoken.size() < LEAST_SPOKEN) {
            throw new PalimpsestException(
                    ErrorCode.DATA_INVALID,
                    "the collection has %d questions to train on and %d to test with: the story needs %d and %d, and %d in all"
                            .formatted(
                                    all.train().size(),
                                    all.test().size(),
                                    USUAL,
                                    GENERAL,
                                    USUAL + GENERAL + LEAST_SPOKEN));
        }
        this.unjudged = spoken.subList(0, SPOKEN_AT_A_TIME);
        this.solved = spoken.stream().skip(SPOKEN_AT_A_TIME).limit(SOLVED).toList();
    }

    /** @return whether everything was as it should be */
    boolean tell() throws InterruptedException {
        List<Question> asked = new ArrayList<>(general);
        asked.addAll(usual);
        asked.addAll(solved);
        asked.addAll(unjudged);
        Map<String, Text> documents = DemoCorpus.chosen(all, asked, DOCUMENTS);
        telling.chapter("%d documents come in", documents.size());
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
        telling.chapter("Usual days: people type short claims");
        long frozen = corpus.judge(all, general, "general", true);
        telling.say("%d judgements are frozen as the general set: no model may forget it", frozen);
        telling.say("%.0f %% of %d answers get a thumb up", 100 * people.ask(usual), usual.size());
        Telling.until(
                CHAPTER_SECONDS,
                "a reference of drift",
                () -> Optional.of(client.get(PATH + "/drift")).filter(drift -> drift.has("reference")));
        telling.say("these days are the reference of drift now; thresholds are calibrated on them");
    }

    /** @return the run that began by itself */
    private String otherDays() throws InterruptedException {
        telling.chapter("Other days: people talk to an assistant, in long and polite sentences");
        Optional<JsonNode> run = Optional.empty();
        boolean alarmed = false;
        contentBefore = people.ask(unjudged);
        telling.say("%.0f %% of %d answers get a thumb up%s", 100 * contentBefore, unjudged.size(), crossed());
        for (int from = 0; run.isEmpty() && from + SPOKEN_AT_A_TIME <= solved.size(); from += SPOKEN_AT_A_TIME) {
            double content = people.ask(solved.subList(from, from + SPOKEN_AT_A_TIME));
            telling.say("%.0f %% of the next %d answers get a thumb up%s", 100 * content, SPOKEN_AT_A_TIME, crossed());
            Optional<JsonNode> alarm = alarmed ? Optional.empty() : alarm();
            alarm.ifPresent(this::tellOf);
            alarmed |= alarm.isPresent();
            run = newestRun();
        }
        JsonNode begun = run.isPresent() ? run.get() : Telling.until(CHAPTER_SECONDS, "a run", this::newestRun);
        alarm().ifPresent(now -> now.path("proposals").forEach(proposal -> {
            telling.say(
                    "triage: %s, about %.0f CPU seconds",
                    proposal.path("remedy").asText(),
                    proposal.path("cost").path("cpuSeconds").asDouble());
            proposal.path("evidence").forEach(why -> telling.say("  because %s", why.asText()));
        }));
        telling.say(
                "nobody did anything, and run %s has begun", begun.path("run").asText());
        return begun.path("run").asText();
    }

    private void tellOf(JsonNode alarm) {
        alarm.path("alarm")
                .path("evidence")
                .forEach(each -> telling.say(
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
        telling.chapter("The run needs labels");
        for (ApiClient reviewer : reviewers) {
            telling.say("a reviewer grades %d items of the queue", people.grade(reviewer, GRADED));
        }
        JsonNode review = client.get(PATH + "/review");
        telling.say("Krippendorff's alpha: %s", review.path("alpha").asText("not known yet"));
        telling.say(
                "the help desk hands over what it has solved: %d judgements of spoken questions, %d of typed ones",
                corpus.judge(all, solved, "spoken", false), corpus.judge(all, usual, "typed", false));
        telling.say("follow it yourself: palimpsest runs show %s", run);
    }

    /** While the candidate's generation is built, documents change. */
    private void watched(String run, String changed, String deleted) throws InterruptedException {
        telling.chapter("Training, evaluation, approval, roll-out");
        new WatchedRun(client, run, telling).toItsEnd(stage -> {
            if (stage.equals("TRAIN")) {
                corpus.update(changed, new Text("A late change", ADDED));
                corpus.delete(deleted);
                telling.say("meanwhile one document is rewritten, and one deleted");
            }
        });
    }

    /** With one step back where it was promoted. */
    private void conclude(String run, String changed, String deleted) throws InterruptedException {
        JsonNode end = client.get("/v1/runs/" + run);
        String outcome = end.path("outcome").asText();
        telling.chapter("The run has ended: %s", outcome);
        telling.say("%s", end.path("reason").asText());
        if (outcome.equals("PROMOTED")) {
            telling.say(
                    "of the %d spoken questions that nobody has judged, %.0f %% got a thumb up before, %.0f %% get one now",
                    unjudged.size(), 100 * contentBefore, 100 * people.ask(unjudged));
        }
        knowledge(changed, deleted);
        if (outcome.equals("PROMOTED")) {
            client.post(PATH + "/rollback", Map.of("reason", "suppose it was a mistake"));
            telling.say("one step back, on demand: palimpsest rollback --reason \"...\"");
            knowledge(changed, deleted);
        }
        for (JsonNode generation : client.get(PATH + "/generations").path("generations")) {
            telling.say(
                    "generation %s: %s, model %s",
                    generation.path("id").asText(),
                    generation.path("state").asText(),
                    generation.path("model").asText());
        }
        right &= outcome.equals("PROMOTED") || outcome.equals("NOT_BETTER");
        telling.say(right ? "Everything was as it should be." : "Not everything was as it should be: see above.");
        telling.end();
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
        telling.say(holds ? "the rewritten document is found, the deleted one is not" : "!! a change was lost");
    }
}
