package io.palimpsest.ingest.intake;

import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;

/** The intake's word that a change is on the topic and cannot be lost any more. */
public record Receipt(ChangeId changeId, DocumentKey key) {}
