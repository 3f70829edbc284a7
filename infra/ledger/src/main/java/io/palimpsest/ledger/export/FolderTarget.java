package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A folder, such as one that is mirrored elsewhere: a file for each checkpoint, which is there whole or not at all, and is never
 * replaced.
 */
record FolderTarget(Path folder) implements ExportTarget {
    @Override
    public String name() {
        return "folder";
    }

    @Override
    public void take(SignedNote checkpoint) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(CheckpointName.of(checkpoint));
        if (Files.exists(file)) {
            return;
        }
        Path unfinished = Files.createTempFile(folder, "checkpoint", ".part");
        try {
            Files.write(unfinished, checkpoint.bytes());
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
