package io.palimpsest.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where checkpoints are handed to, so that others have them too.
 *
 * @param webhook an address, which may hold a secret
 * @param access of the bucket
 * @param prefix begins the names of all objects
 */
public record ExportSettings(
        Duration every, Optional<Path> dir, Secret webhook, S3Access access, Optional<String> bucket, String prefix) {
    private static final String S3 = "ledger.export.s3.";
    private static final String WEBHOOK = "ledger.export.webhook";

    static void define(Definition definition) {
        definition
                .group("Export of checkpoints")
                .duration(
                        "ledger.export.every",
                        "PT1H",
                        "Pause between two looks whether there is a newer checkpoint to hand to the targets that are named here.")
                .text(
                        "ledger.export.dir",
                        "",
                        "A folder that gets a file for each, such as checkpoint-000000001042-9f86d081884c7d65: by size and root.")
                .secret(
                        WEBHOOK,
                        "An address that each is posted to, https, or http on loopback. It is a secret: never logged.");
        S3Access.define(definition, S3);
        definition
                .text(S3 + "bucket", "", "A bucket that gets an object for each; best with object lock.")
                .text(S3 + "prefix", "", "Begins the names of these objects.");
    }

    static ExportSettings of(Values values) {
        return new ExportSettings(
                values.duration("ledger.export.every"),
                values.optional("ledger.export.dir").map(Path::of),
                values.secret(WEBHOOK),
                S3Access.of(values, S3),
                values.optional(S3 + "bucket"),
                values.text(S3 + "prefix"));
    }

    /** As an address. */
    public Optional<URI> webhookAddress() {
        return webhook.isPresent() ? Optional.of(URI.create(webhook.value())) : Optional.empty();
    }

    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        if (values.optional(S3 + "bucket").isPresent()) {
            problems.addAll(S3Access.problems(values, S3));
        }
        Secret webhook = values.secret(WEBHOOK);
        if (webhook.isPresent() && !SafeAddress.isSafe(webhook.value())) {
            problems.add(WEBHOOK + ": must be an https: address, or http: on loopback");
        }
        if (values.duration("ledger.export.every").isZero()) {
            problems.add("ledger.export.every: must not be zero");
        }
        return problems;
    }
}
