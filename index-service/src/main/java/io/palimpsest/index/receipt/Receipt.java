package io.palimpsest.index.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.search.HitScores;
import io.palimpsest.platform.ledger.CanonicalJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody was shown, without their words: as canonical JSON (RFC 8785) with these members it is what an entry of the
 * ledger stands for.
 *
 * @param version 1
 * @param query commitment to the query's text, hex
 * @param asOf the moment that was asked about; null: then
 * @param answer null for a search
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Receipt(
        @JsonProperty("v") int version,
        String queryId,
        CollectionKey collection,
        Instant askedAt,
        @Nullable Instant asOf,
        String query,
        GenerationId generation,
        Models models,
        Access access,
        @Nullable Answer answer,
        List<Shown> passages) {
    static final int VERSION = 1;

    public Receipt {
        passages = List.copyOf(passages);
    }

    /**
     * The id of a model that we have ends with the first digits of the SHA-256 of its files; of one that is served elsewhere only
     * its name is known.
     *
     * @param query embedded the query
     * @param passages embedded the passages
     * @param reranker null: none ran
     * @param generator null: no answer was made
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Models(
            ModelId query,
            ModelId passages,
            @Nullable String reranker,
            @Nullable String generator) {}

    /**
     * Who asked, and what the passages were chosen from: those whose access list names one of these.
     *
     * @param caller commitment to {@code user:<name>}, hex; that name was one of these too
     * @param everyone whether what is open to everyone was
     * @param groups as access lists name them, sorted
     */
    public record Access(String caller, boolean everyone, List<String> groups) {}

    /** @param abstained whether nothing was said */
    public record Answer(boolean abstained) {}

    /**
     * One passage, in its place.
     *
     * @param rank from 1
     * @param revision of the document, as it was shown
     * @param version highest accepted version in it
     * @param passage hash of its text
     * @param extracted hash of the revision's text
     * @param manifest hash of the list of its passages
     * @param cited whether a sentence of the answer stands on it; null for a search
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Shown(
            int rank,
            DocumentId document,
            long revision,
            long version,
            PassageId passage,
            @Nullable ContentHash extracted,
            @Nullable ContentHash manifest,
            HitScores scores,
            @Nullable Boolean cited) {}

    public String canonical() {
        return CanonicalJson.of(this);
    }
}
