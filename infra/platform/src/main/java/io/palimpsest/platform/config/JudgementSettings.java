package io.palimpsest.platform.config;

import java.time.Duration;

/**
 * Review queues, training sets, and the approval of what was trained.
 *
 * @param timeout how long an item stays with a reviewer
 * @param depth hits of a query that are put up for review
 * @param queueSize queries that wait for review at a time, per collection
 * @param lookback how far back queries are chosen from
 * @param unseen share of the documents whose queries are only tested with
 * @param approvers different people who must approve a candidate: 1 or 2
 */
public record JudgementSettings(
        Duration timeout,
        int depth,
        int queueSize,
        Duration lookback,
        int minimumQueries,
        double unseen,
        Duration approvalExpiry,
        int approvers) {
    static void define(Definition definition) {
        definition
                .group("Judgements")
                .duration("judgement.timeout", "PT4H", "After this an item that a reviewer took goes to another one.")
                .integer(
                        "judgement.depth",
                        3,
                        1,
                        50,
                        "Hits of each chosen query that are put up for review; where none of them is relevant, the others that were shown too.")
                .integer(
                        "judgement.queue.size",
                        50,
                        1,
                        10_000,
                        "Queries of a collection that wait for review at a time.")
                .duration("judgement.lookback", "P14D", "How far back queries are chosen for review.")
                .integer(
                        "judgement.snapshot.minimum",
                        50,
                        2,
                        1_000_000,
                        "Judged queries that a training set needs at least; each slice of its tests needs a tenth of it.")
                .ratio(
                        "judgement.snapshot.unseen",
                        0.2,
                        0.05,
                        0.5,
                        "Share of the documents whose questions are only tested with. More of them show smaller gains, and leave"
                                + " fewer to train on.")
                .duration(
                        "judgement.approval.expiry", "P3D", "How long a candidate waits for approval before it lapses.")
                .integer(
                        "judgement.approval.people",
                        1,
                        1,
                        2,
                        "Different people who must approve a candidate before it goes live.");
    }

    static JudgementSettings of(Values values) {
        return new JudgementSettings(
                values.duration("judgement.timeout"),
                values.integer("judgement.depth"),
                values.integer("judgement.queue.size"),
                values.duration("judgement.lookback"),
                values.integer("judgement.snapshot.minimum"),
                values.ratio("judgement.snapshot.unseen"),
                values.duration("judgement.approval.expiry"),
                values.integer("judgement.approval.people"));
    }
}
