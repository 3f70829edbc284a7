package io.palimpsest.ledger.log;

/**
 * What an auditor says of the evidence.
 *
 * @param word for people
 */
record Verdict(Finding finding, String word) {}
