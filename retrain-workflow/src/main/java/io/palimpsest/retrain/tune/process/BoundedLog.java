package io.palimpsest.retrain.tune.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process says, in a file of bounded size: the first bytes, and the last ones. Threading: safe. A full disk loses log, not
 * the training.
 */
final class BoundedLog implements AutoCloseable {
    /** Arbitrary; enough for a stack trace at either end. */
    private static final int HEAD = 512 * 1024;

    private static final int TAIL = 64 * 1024;

    private final OutputStream out;
    private final byte[] tail = new byte[TAIL];
    private long written;
    private boolean broken;

    BoundedLog(Path file) throws IOException {
        this.out = Files.newOutputStream(file);
    }

    synchronized void add(byte[] bytes, int length) {
        int head = (int) Math.max(0, Math.min(length, HEAD - written));
        write(bytes, head);
        for (int i = head; i < length; i++) {
            tail[(int) ((written - HEAD + i) % TAIL)] = bytes[i];
        }
        written += length;
    }

    private void write(byte[] bytes, int length) {
        try {
            if (!broken && length > 0) {
                out.write(bytes, 0, length);
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    @Override
    public synchronized void close() {
        long behind = written - HEAD;
        if (behind > TAIL) {
            byte[] note = ("\n... " + (behind - TAIL) + " bytes left out ...\n").getBytes(StandardCharsets.US_ASCII);
            write(note, note.length);
        }
        if (behind > 0) {
            int kept = (int) Math.min(behind, TAIL);
            byte[] last = new byte[kept];
            for (int i = 0; i < kept; i++) {
                last[i] = tail[(int) ((behind - kept + i) % TAIL)];
            }
            write(last, kept);
        }
        try {
            out.close();
        } catch (IOException e) {
            broken = true;
        }
    }
}
