package io.palimpsest.standalone.cli;

import picocli.CommandLine.Command;

/** {@code palimpsest audit}. */
@Command(
        name = "audit",
        description = "Reads the transparency log, and proves what stands in it.",
        subcommands = {
            AuditAnswer.class,
            AuditDocument.class,
            AuditLive.class,
            AuditLog.class,
            AuditProof.class,
            AuditPassage.class,
            AuditManifest.class,
            AuditExport.class,
            AuditVerify.class,
            AuditCheck.class
        },
        footer = {
            "",
            "Examples:",
            "  palimpsest audit answer 0195f3a1-7c40-7d2e-9b1f-5a6f0c3d2e11 --rerun",
            "  palimpsest audit document https://example.org/a",
            "  palimpsest audit live --at 2026-03-01T12:00:00Z"
        })
final class AuditCommand extends CommandGroup {}
