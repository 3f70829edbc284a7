package io.palimpsest.retrain.tune.encoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A copy of an ONNX file whose tensors are overwritten in place. Threading: none. */
public final class OnnxPatch implements AutoCloseable {
    private final FileChannel channel;

    private OnnxPatch(FileChannel channel) {
        this.channel = channel;
    }

    /** @param copy does not exist yet */
    public static OnnxPatch copyOf(Path original, Path copy) throws IOException {
        Files.copy(original, copy);
        return new OnnxPatch(FileChannel.open(copy, StandardOpenOption.WRITE));
    }

    /** @param tensor of the original file */
    public void put(OnnxTensorBytes tensor, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        write(tensor.requireType(OnnxTensorBytes.FLOAT), bytes);
    }

    /** @param tensor of the original file */
    public void put(OnnxTensorBytes tensor, byte[] values) throws IOException {
        write(tensor.requireType(OnnxTensorBytes.INT8), ByteBuffer.wrap(values));
    }

    private void write(OnnxTensorBytes tensor, ByteBuffer bytes) throws IOException {
        if (bytes.remaining() != tensor.length()) {
            throw new IllegalArgumentException(
                    bytes.remaining() + " bytes for the " + tensor.length() + " of " + tensor.name());
        }
        long at = tensor.offset();
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        channel.force(true);
        channel.close();
    }
}
