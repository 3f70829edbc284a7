package io.palimpsest.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Thirteen documents of a fictional maker of robots, questions about them, and edits to make while they are watched. */
public final class DemoDocuments {
    private static final String RUNBOOK = "fleet-gateway-runbook.md";
    private static final String ONBOARDING = "onboarding.html";
    private static final String WELCOME = "welcome.html";
    private static final String ROADMAP = "roadmap.pptx";
    private static final String TRAVEL = "travel-policy.docx";
    private static final String MANUAL = "marten-safety-manual.pdf";
    private static final List<String> AS_THEY_ARE =
            List.of(RUNBOOK, "otter-release-notes.md", ONBOARDING, "acronyms.txt", "spare-parts.csv");

    private static final DemoQuestion PILOT =
            new DemoQuestion("Where does the pilot of the Marten M5 start?", ROADMAP, "Rotterdam");
    private static final DemoQuestion SHOES =
            new DemoQuestion("What do new colleagues receive on Monday besides a laptop?", ONBOARDING, "safety shoes");

    /** Writes all documents into an existing or new folder. */
    public void writeTo(Path dir) {
        try {
            Files.createDirectories(dir);
            for (String name : AS_THEY_ARE) {
                Files.writeString(dir.resolve(name), DemoTexts.read(name));
            }
            WordFile.write(DemoTexts.outline("employee-handbook.outline"), dir.resolve("employee-handbook.docx"));
            WordFile.write(DemoTexts.outline("travel-policy.outline"), dir.resolve(TRAVEL));
            PdfFile.write(DemoTexts.outline("marten-safety-manual.outline"), dir.resolve(MANUAL));
            PdfFile.write(DemoTexts.outline("warranty-terms.outline"), dir.resolve("warranty-terms.pdf"));
            SheetFile.write("Prices 2026", DemoTexts.read("price-list.table"), dir.resolve("price-list.xlsx"));
            SlidesFile.write(DemoTexts.outline("roadmap.slides"), dir.resolve(ROADMAP));
            MailFile.write(
                    DemoTexts.read("incident.mail"),
                    "timeline.txt",
                    DemoTexts.read("incident-timeline.txt"),
                    dir.resolve("incident-aisle-12.eml"));
            ZipFileOfTexts.write(
                    new TreeMap<>(Map.of(
                            "council-minutes.txt", DemoTexts.read("council-minutes.txt"),
                            "visitor-faq.html", DemoTexts.read("visitor-faq.html"))),
                    dir.resolve("archive.zip"));
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's documents cannot be written to " + dir, e);
        }
    }

    /** File names, sorted. */
    public List<String> names() {
        return List.of(
                "acronyms.txt",
                "archive.zip",
                "employee-handbook.docx",
                RUNBOOK,
                "incident-aisle-12.eml",
                MANUAL,
                ONBOARDING,
                "otter-release-notes.md",
                "price-list.xlsx",
                ROADMAP,
                "spare-parts.csv",
                TRAVEL,
                "warranty-terms.pdf");
    }

    /** Each has its answer in the documents as first written. */
    public List<DemoQuestion> questions() {
        return List.of(
                new DemoQuestion(
                        "How many days of paid leave do full-time employees have?",
                        "employee-handbook.docx",
                        "27 days"),
                new DemoQuestion("How is an emergency stop released?", MANUAL, "hold the blue key for five seconds"),
                new DemoQuestion("How long does the battery last?", MANUAL, "eleven hours"),
                new DemoQuestion("How long is the warranty on a new robot?", "warranty-terms.pdf", "36 months"),
                new DemoQuestion(
                        "What should I check first when GatewayLagHigh fires?",
                        RUNBOOK,
                        "whether the message broker has a slow disk"),
                new DemoQuestion("What does swarm charging do?", "otter-release-notes.md", "docks next"),
                new DemoQuestion("What is the list price of the Otter picking arm?", "price-list.xlsx", "36200"),
                PILOT,
                new DemoQuestion(
                        "What caused the incident in aisle 12?", "incident-aisle-12.eml", "expired certificate"),
                new DemoQuestion("When is the canteen closed for renovation?", "archive.zip", "July"),
                new DemoQuestion("What does AMR mean?", "acronyms.txt", "autonomous mobile robot"),
                SHOES,
                new DemoQuestion("What is the limit for a hotel per night?", TRAVEL, "160 euros per night"));
    }

    /** In this order. */
    public List<DemoEdit> edits() {
        return List.of(editRunbook(), renameOnboarding(), deleteRoadmap(), replaceTravelPolicy());
    }

    private static DemoEdit editRunbook() {
        return new DemoEdit(
                "edits one paragraph of " + RUNBOOK,
                RUNBOOK,
                new DemoQuestion(
                        "What should I check first when GatewayLagHigh fires?",
                        RUNBOOK,
                        "whether the certificate of the broker has expired"),
                null,
                dir -> {
                    Path file = dir.resolve(RUNBOOK);
                    String edited = Files.readString(file)
                            .replace(
                                    "Check first whether the message broker has a slow disk",
                                    "Check first whether the certificate of the broker has expired");
                    Files.writeString(file, edited);
                });
    }

    private static DemoEdit renameOnboarding() {
        return new DemoEdit(
                "renames " + ONBOARDING + " to " + WELCOME,
                WELCOME,
                new DemoQuestion(SHOES.question(), WELCOME, SHOES.phrase()),
                null,
                dir -> Files.move(dir.resolve(ONBOARDING), dir.resolve(WELCOME)));
    }

    private static DemoEdit deleteRoadmap() {
        return new DemoEdit("deletes " + ROADMAP, ROADMAP, null, PILOT, dir -> Files.delete(dir.resolve(ROADMAP)));
    }

    private static DemoEdit replaceTravelPolicy() {
        return new DemoEdit(
                "replaces " + TRAVEL + " with the policy of September",
                TRAVEL,
                new DemoQuestion("What is the limit for a hotel per night?", TRAVEL, "175 euros per night"),
                null,
                dir -> WordFile.write(DemoTexts.outline("travel-policy-revised.outline"), dir.resolve(TRAVEL)));
    }
}
