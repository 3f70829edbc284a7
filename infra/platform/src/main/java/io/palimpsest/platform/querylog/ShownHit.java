package io.palimpsest.platform.querylog;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import org.jspecify.annotations.Nullable;

/**
 * One hit as it was shown, in its place.
 *
 * @param score the ranking was by; higher is better
 * @param vectorRank from 1; null where that leg did not find it
 * @param keywordRank from 1; null where that leg did not find it
 * @param extracted names the revision's text in the content store; null in records of older versions
 * @param passages names its passage manifest there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ShownHit(
        DocumentId document,
        long revision,
        long version,
        PassageId passage,
        float score,
        @Nullable Integer vectorRank,
        @Nullable Integer keywordRank,
        @Nullable ContentHash extracted,
        @Nullable ContentHash passages) {}
