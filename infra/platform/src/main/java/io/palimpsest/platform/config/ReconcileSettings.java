package io.palimpsest.platform.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sources against the documents that we have, from time to time.
 *
 * @param every zero: only when somebody asks
 * @param at after midnight, UTC, where {@code every} is a day
 * @param ingest where the ingest service is; empty: in this process
 * @param ingestKey of a key with the role OPERATE there
 */
public record ReconcileSettings(Duration every, Duration at, Optional<URI> ingest, Secret ingestKey) {
    static void define(Definition definition) {
        definition
                .group("Reconcile")
                .duration(
                        "reconcile.every",
                        "P1D",
                        "How often all sources are held against the documents that we have, and what differs is published. Every"
                                + " watched file is read for it. PT0S: only when somebody asks.")
                .duration(
                        "reconcile.at",
                        "PT3H",
                        "When: so long after midnight (UTC), where it is every day; below reconcile.every.")
                .text(
                        "reconcile.ingest.address",
                        "",
                        "Address of the ingest service, such as https://ingest.example.org. Empty: the one in this process.")
                .secret(
                        "reconcile.ingest.key",
                        "Key for the ingest service, with the role OPERATE. Empty with an empty address: the local key.");
    }

    static ReconcileSettings of(Values values) {
        return new ReconcileSettings(
                values.duration("reconcile.every"),
                values.duration("reconcile.at"),
                values.uri("reconcile.ingest.address"),
                values.secret("reconcile.ingest.key"));
    }

    static List<String> problems(Values values) {
        if (values.optional("reconcile.ingest.address").isPresent()
                != values.secret("reconcile.ingest.key").isPresent()) {
            return List.of("reconcile.ingest.address and reconcile.ingest.key: give both or neither");
        }
        Duration every = values.duration("reconcile.every");
        return every.isPositive() && values.duration("reconcile.at").compareTo(every) >= 0
                ? List.of("reconcile.at: must be shorter than reconcile.every, " + every)
                : List.of();
    }
}
