package io.palimpsest.retrain.judgement;

import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;

/**
 * What a reviewer is asked.
 *
 * @param adjudication whether two others differ by more than one grade, and this one settles it
 * @param dueAt after this it goes to somebody else
 */
public record ReviewTask(
        String itemId,
        String query,
        DocumentId document,
        PassageId passage,
        String text,
        boolean adjudication,
        Instant dueAt) {}
