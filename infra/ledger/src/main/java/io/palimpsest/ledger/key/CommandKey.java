package io.palimpsest.ledger.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.LogKeySettings;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key behind a command, such as one that asks a KMS: it gets the message on its input and prints the signature in Base64. What it
 * prints is believed only when it verifies, so a wrong answer is never published.
 */
final class CommandKey {
    private static final Logger LOG = LoggerFactory.getLogger(CommandKey.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private CommandKey() {}

    /** @throws PalimpsestException CONFIG_INVALID when the verifier key is none */
    static NoteSigner open(LogKeySettings settings, Clock clock) {
        try {
            NoteKey key = NoteKey.parse(settings.verifierKey());
            return new NoteSigner(key, message -> signed(settings.command(), message), clock);
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "ledger.key.verifier: " + e.getMessage(), e);
        }
    }

    private static byte[] signed(List<String> command, byte[] message) {
        Path answer = null;
        try {
            answer = Files.createTempFile("signature", "");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(answer.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            tell(process, message);
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw unavailable("has not answered within " + PATIENCE.toSeconds() + " s", null);
            }
            if (process.exitValue() != 0) {
                throw unavailable("ended with " + process.exitValue(), null);
            }
            return Base64.getDecoder().decode(Files.readString(answer, US_ASCII).strip());
        } catch (IOException | IllegalArgumentException e) {
            throw unavailable("gave no signature", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for", e);
        } finally {
            drop(answer);
        }
    }

    /** One that ends without reading says so by its status, or by what it printed. */
    private static void tell(Process process, byte[] message) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(message);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("the command did not read all of its input");
        }
    }

    private static void drop(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw unavailable("left a file that cannot be removed", e);
        }
    }

    private static PalimpsestException unavailable(String what, @Nullable Exception cause) {
        return new PalimpsestException(
                ErrorCode.LEDGER_UNAVAILABLE, "the command of ledger.key.command " + what, cause);
    }
}
