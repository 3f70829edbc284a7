package io.palimpsest.index.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.search.Note;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question.
 *
 * @param answer the sentences as one text; empty when abstained
 * @param reason why there is no answer; null when there is one
 * @param droppedSentences what the generator wrote and the documents do not support
 * @param dropped how often for which reason
 * @param generation null when there is nothing to search for this caller
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnswerResponse(
        String queryId,
        String answer,
        List<AnswerSentence> sentences,
        boolean abstained,
        @Nullable String reason,
        int droppedSentences,
        Map<String, Integer> dropped,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        String generator,
        double indexLagSeconds,
        Map<String, Double> tookMillis,
        List<Note> notes) {}
