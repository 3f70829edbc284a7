package io.palimpsest.retrain.judgement;

import io.palimpsest.platform.config.JudgementSettings;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.retrain.feedback.KeyedDigests;
import java.time.Clock;

/** What judgements stand on. */
public record JudgementParts(
        Sql sql,
        LoggedQueries queries,
        QueryCipher cipher,
        KeyedDigests digests,
        PassageTexts texts,
        DocumentStandings documents,
        Suppressions suppressions,
        JudgementSettings settings,
        LedgerEntries entries,
        LedgerSink ledger,
        Clock clock) {}
