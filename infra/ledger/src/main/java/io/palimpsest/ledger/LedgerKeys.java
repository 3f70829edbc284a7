package io.palimpsest.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.key.RemoteKeys;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of the settings. */
final class LedgerKeys {
    private LedgerKeys() {}

    /**
     * @return with a new key where there is neither a key nor a log
     * @throws PalimpsestException CONFIG_INVALID when a key is not one of this log, or is gone
     */
    static TransparencyLog.Identity of(LedgerSettings settings, Clock clock) {
        Optional<NoteSigner> remote = RemoteKeys.open(settings.key(), settings.origin(), clock);
        if (remote.isEmpty()
                && !Files.exists(settings.keyFile())
                && Files.exists(settings.dir().resolve("checkpoint"))) {
            throw invalid("ledger.key.file: there is no " + settings.keyFile() + ", and there is a log that it signed");
        }
        List<NoteSigner> signers = new ArrayList<>();
        signers.add(remote.map(signer -> named(settings, signer, "ledger.key.source"))
                .orElseGet(() -> signer(
                        settings,
                        SecretFile.ensure(
                                settings.keyFile(),
                                () -> NoteSigner.generate(settings.origin(), KeyType.ED25519, clock)
                                        .text()
                                        .getBytes(UTF_8)),
                        "ledger.key.file",
                        clock)));
        for (Path other : settings.otherKeyFiles()) {
            signers.add(signer(
                    settings,
                    SecretFile.ensure(other, () -> {
                        throw invalid("ledger.key.others: there is no " + other);
                    }),
                    "ledger.key.others",
                    clock));
        }
        try {
            return new TransparencyLog.Identity(
                    settings.origin(),
                    signers,
                    settings.formerKeys().stream().map(NoteKey::parse).toList());
        } catch (IllegalArgumentException e) {
            throw invalid("ledger.key.former: " + e.getMessage());
        }
    }

    private static NoteSigner signer(LedgerSettings settings, byte[] file, String setting, Clock clock) {
        NoteSigner signer;
        try {
            signer = NoteSigner.parse(new String(file, UTF_8), clock);
        } catch (IllegalArgumentException e) {
            throw invalid(setting + ": " + e.getMessage());
        }
        return named(settings, signer, setting);
    }

    private static NoteSigner named(LedgerSettings settings, NoteSigner signer, String setting) {
        if (!signer.key().name().equals(settings.origin())) {
            throw invalid(
                    setting + ": the key is of " + signer.key().name() + ", and ledger.origin is " + settings.origin());
        }
        return signer;
    }

    private static PalimpsestException invalid(String why) {
        return new PalimpsestException(ErrorCode.CONFIG_INVALID, why);
    }
}
