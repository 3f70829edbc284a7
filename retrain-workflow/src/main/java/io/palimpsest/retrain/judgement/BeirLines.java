package io.palimpsest.retrain.judgement;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A test collection in BEIR's layout: {@code corpus.jsonl}, {@code queries.jsonl}, {@code qrels/*.tsv} with the header
 * {@code query-id, corpus-id, score}. As one stream, each line is one of {@code {"corpus": {"_id", "title", "text"}}},
 * {@code {"query": {"_id", "text"}}}, {@code {"qrel": {"query-id", "corpus-id", "score"}}}.
 */
public record BeirLines(Map<String, Text> corpus, Map<String, String> queries, List<Qrel> qrels) {
    public static final String CORPUS = "corpus.jsonl";
    public static final String QUERIES = "queries.jsonl";
    private static final String HEADER = "query-id\tcorpus-id\tscore";

    /** A document; the title may be empty. */
    public record Text(
            @JsonProperty("_id") String id, @Nullable String title, String text) {
        /** What is learned from: the title is part of it, as it is of what is embedded. */
        public String whole() {
            return title == null || title.isBlank() ? text : title + "\n" + text;
        }
    }

    /** A judgement. */
    public record Qrel(
            @JsonProperty("query-id") String query,
            @JsonProperty("corpus-id") String document,
            @JsonProperty(required = true) int score) {}

    private record Query(@JsonProperty("_id") String id, String text) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(
            @Nullable Text corpus,
            @Nullable Query query,
            @Nullable Qrel qrel) {}

    /** @throws PalimpsestException {@link ErrorCode#JUDGEMENTS_MALFORMED} with the number of the first wrong line */
    public static BeirLines read(Reader stream) {
        BeirLines lines = new BeirLines(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        each(stream, (number, text) -> lines.add(Json.mapper().readValue(text, Line.class), number));
        return lines;
    }

    private void add(@Nullable Line line, int number) {
        if (line == null || (line.corpus() == null && line.query() == null && line.qrel() == null)) {
            throw malformed("line", number, "is neither corpus, query nor qrel");
        }
        if (line.corpus() != null) {
            corpus.put(required(line.corpus().id(), number), line.corpus());
            required(line.corpus().text(), number);
        }
        if (line.query() != null) {
            queries.put(
                    required(line.query().id(), number), required(line.query().text(), number));
        }
        if (line.qrel() != null) {
            required(line.qrel().query(), number);
            required(line.qrel().document(), number);
            qrels.add(line.qrel());
        }
    }

    /**
     * Reads a folder; files may end in {@code .gz}.
     *
     * @param split file of {@code qrels/} without its ending, such as {@code test}
     */
    public static BeirLines read(Path folder, String split) {
        BeirLines lines = new BeirLines(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        try (Reader corpus = open(folder.resolve(CORPUS));
                Reader queries = open(folder.resolve(QUERIES));
                Reader qrels = open(folder.resolve("qrels").resolve(split + ".tsv"))) {
            each(
                    corpus,
                    (number, text) ->
                            lines.add(new Line(Json.mapper().readValue(text, Text.class), null, null), number));
            each(
                    queries,
                    (number, text) ->
                            lines.add(new Line(null, Json.mapper().readValue(text, Query.class), null), number));
            each(qrels, (number, text) -> {
                String[] cells = text.split("\t", -1);
                if (number > 1) { // the header
                    if (cells.length != 3) {
                        throw malformed("qrels, line", number, "has not three columns");
                    }
                    lines.qrels.add(new Qrel(cells[0], cells[1], Integer.parseInt(cells[2].strip())));
                }
            });
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.JUDGEMENTS_MALFORMED, folder + " is not a folder in BEIR's layout", e);
        }
        return lines;
    }

    private static Reader open(Path file) throws IOException {
        Path packed = file.resolveSibling(file.getFileName() + ".gz");
        if (!Files.exists(file) && Files.exists(packed)) {
            return new InputStreamReader(new GZIPInputStream(Files.newInputStream(packed)), StandardCharsets.UTF_8);
        }
        return Files.newBufferedReader(file);
    }

    private interface LineReader {
        void accept(int number, String text) throws IOException;
    }

    private static void each(Reader stream, LineReader reader) {
        int number = 0;
        try {
            BufferedReader lines = new BufferedReader(stream);
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                number++;
                if (!text.isBlank()) {
                    reader.accept(number, text);
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw malformed("line", number, "is not of this layout"); // the cause may quote it
        }
    }

    /**
     * As labels: a document is one passage, of the whole text.
     *
     * @param key of a query's text
     */
    List<GradedPassage> labels(
            CollectionKey collection, UnaryOperator<String> key, Instant now, Judgements.ImportOptions options) {
        List<GradedPassage> labels = new ArrayList<>(qrels.size());
        for (int i = 0; i < qrels.size(); i++) {
            Qrel qrel = qrels.get(i);
            String query = queries.get(qrel.query());
            Text document = corpus.get(qrel.document());
            if (query == null || document == null) {
                throw malformed("judgement", i + 1, "names a query or document that is not there");
            }
            if (qrel.score() < 0 || qrel.score() > GradedPassage.MOST) {
                throw new PalimpsestException(
                        ErrorCode.GRADE_INVALID,
                        "judgement " + (i + 1) + " has score " + qrel.score() + ", not from 0 to "
                                + GradedPassage.MOST);
            }
            String text = document.whole();
            labels.add(new GradedPassage(
                    key.apply(query),
                    query,
                    now,
                    new PassageTexts.Place(
                            documentOf(collection, document.id(), i + 1),
                            PassageId.of(ContentHash.ofText(text), 0),
                            null,
                            null),
                    0,
                    text,
                    qrel.score(),
                    options.tag(),
                    options.frozen()));
        }
        return labels;
    }

    private static DocumentKey documentOf(CollectionKey collection, String id, int number) {
        try {
            return DocumentKey.of(collection, id);
        } catch (IllegalArgumentException e) {
            throw malformed("judgement", number, "names a document by what is no document id");
        }
    }

    /**
     * From labels: one document for each passage.
     *
     * @param labels with the text of each
     */
    public static BeirLines of(Map<GradedPassage, String> labels) {
        BeirLines lines = new BeirLines(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        labels.forEach((label, text) -> {
            String id = label.document().document().value();
            lines.corpus.put(id, new Text(id, "", text));
            lines.queries.put(label.queryId(), label.query());
            lines.qrels.add(new Qrel(label.queryId(), id, label.grade()));
        });
        return lines;
    }

    /** As one stream, a JSON object a line. */
    public String stream() {
        StringBuilder out = new StringBuilder();
        corpus.values()
                .forEach(text ->
                        out.append(Json.writeText(new Line(text, null, null))).append('\n'));
        queries.forEach((id, text) -> out.append(Json.writeText(new Line(null, new Query(id, text), null)))
                .append('\n'));
        qrels.forEach(
                qrel -> out.append(Json.writeText(new Line(null, null, qrel))).append('\n'));
        return out.toString();
    }

    /** Writes a folder in BEIR's layout. */
    public void write(Path folder, String split) throws IOException {
        Files.createDirectories(folder.resolve("qrels"));
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(CORPUS))) {
            for (Text text : corpus.values()) {
                out.write(Json.writeText(text) + "\n");
            }
        }
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(QUERIES))) {
            for (Map.Entry<String, String> query : queries.entrySet()) {
                out.write(Json.writeText(new Query(query.getKey(), query.getValue())) + "\n");
            }
        }
        try (BufferedWriter out =
                Files.newBufferedWriter(folder.resolve("qrels").resolve(split + ".tsv"))) {
            out.write(HEADER + "\n");
            for (Qrel qrel : qrels) {
                out.write(qrel.query() + "\t" + qrel.document() + "\t" + qrel.score() + "\n");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String required(@Nullable String value, int number) {
        if (value == null || value.isBlank()) {
            throw malformed("line", number, "lacks an id or a text");
        }
        return value;
    }

    private static PalimpsestException malformed(String what, int number, String why) {
        return new PalimpsestException(ErrorCode.JUDGEMENTS_MALFORMED, what + " " + number + " " + why);
    }
}
