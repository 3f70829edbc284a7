package io.palimpsest.retrain.tune;

import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A training's state on disk: 32 bytes SHA-256 of the rest; int32 steps done; the optimiser's state; the early stop's state; all
 * little-endian. Replaced in one move, so a kill at any moment leaves the old one or the new one. One that is damaged counts as
 * absent.
 */
public final class Checkpoint {
    private static final int HASH_BYTES = 32;

    private final Path file;
    private final AdamW optimiser;
    private final EarlyStop stop;

    public Checkpoint(Path file, AdamW optimiser, EarlyStop stop) {
        this.file = file;
        this.optimiser = optimiser;
        this.stop = stop;
    }

    /** @param steps that are done */
    public void save(int steps) throws IOException {
        ByteBuffer state = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
        state.position(HASH_BYTES).putInt(steps);
        optimiser.save(state);
        stop.save(state);
        state.put(0, hash(state.array()));
        Path partial = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            state.rewind();
            while (state.hasRemaining()) {
                out.write(state);
            }
            out.force(true);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Loads the state into optimiser and early stop; returns the steps done, 0 where there is no checkpoint. */
    public int load() throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != length()) {
            return 0;
        }
        byte[] bytes = Files.readAllBytes(file);
        if (!Arrays.equals(hash(bytes), Arrays.copyOf(bytes, HASH_BYTES))) {
            return 0;
        }
        ByteBuffer state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(HASH_BYTES);
        int steps = state.getInt();
        optimiser.load(state);
        stop.load(state);
        return steps;
    }

    private int length() {
        return HASH_BYTES + Integer.BYTES + optimiser.stateBytes() + stop.stateBytes();
    }

    private static byte[] hash(byte[] file) {
        byte[] rest = Arrays.copyOfRange(file, HASH_BYTES, file.length);
        return HexFormat.of().parseHex(ContentHash.of(rest).value());
    }
}
