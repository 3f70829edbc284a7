package io.palimpsest.retrain.feedback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes query log records as the index service does, and makes callers. */
public final class QueryLogRows {
    public static final CollectionKey DOCS = CollectionKey.of("acme", "docs");
    public static final GenerationId GENERATION = new GenerationId("g1");
    public static final ModelId MODEL = new ModelId("mini/fp32/00000000");

    private QueryLogRows() {}

    public static QueryCipher cipher() {
        try {
            Path folder = Files.createTempDirectory("cipher");
            try {
                return new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
            } finally {
                FolderTree.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Caller caller(String name, Role... roles) {
        return new Caller(DOCS.tenant(), name, Set.of(), Set.of(DOCS.collection()), Set.of(roles));
    }

    public static Caller callerOf(String tenant, String collection) {
        return new Caller(
                CollectionKey.of(tenant, collection).tenant(),
                "eve",
                Set.of(),
                Set.of(new CollectionId(collection)),
                Set.of(Role.SEARCH));
    }

    public static PassageId passage(String text) {
        return PassageId.of(ContentHash.ofText(text), 0);
    }

    /** Hit {@code n} of both legs, one passage with the document's id as its text. */
    public static ShownHit hit(String document, float score) {
        return new ShownHit(new DocumentId(document), 1, 1, passage(document), score, 1, 1, null, null);
    }

    public static List<ShownHit> hits(String... documents) {
        List<ShownHit> hits = new ArrayList<>();
        for (int i = 0; i < documents.length; i++) {
            hits.add(hit(documents[i], 1f / (i + 1)));
        }
        return hits;
    }

    /** @return its id */
    public static String ask(Sql sql, QueryCipher cipher, String query, Instant at, List<ShownHit> shown) {
        return ask(sql, cipher, query, at, shown, false);
    }

    /**
     * @param answer whether an answer was made of it
     * @return its id
     */
    public static String ask(
            Sql sql, QueryCipher cipher, String query, Instant at, List<ShownHit> shown, boolean answer) {
        return write(
                sql,
                cipher,
                new LoggedQuery(
                        UUID.randomUUID().toString(),
                        DOCS,
                        "ann",
                        new LoggedQuery.Asked(query),
                        GENERATION,
                        MODEL,
                        false,
                        answer,
                        shown,
                        at));
    }

    public static String write(Sql sql, QueryCipher cipher, LoggedQuery asked) {
        byte[] sealed = cipher.seal(Json.write(asked), asked.queryId().getBytes(UTF_8));
        sql.update(
                "INSERT INTO query_log (query_id, tenant, collection, generation, model, hits, asked_at, sealed)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                asked.queryId(),
                asked.collection().tenant().value(),
                asked.collection().collection().value(),
                String.valueOf(asked.generation()),
                String.valueOf(asked.model()),
                asked.shown().size(),
                asked.askedAt().toEpochMilli(),
                Base64.getEncoder().encodeToString(sealed));
        return asked.queryId();
    }
}
