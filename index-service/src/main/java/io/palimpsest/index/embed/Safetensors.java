package io.palimpsest.index.embed;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of tensors: {@code int64 little-endian length of the header}, the header as JSON (by name: dtype, shape, data_offsets),
 * then the data. https://github.com/huggingface/safetensors
 */
final class Safetensors {
    private final byte[] bytes;
    private final JsonNode header;
    private final int data;

    private Safetensors(byte[] bytes, JsonNode header, int data) {
        this.bytes = bytes;
        this.header = header;
        this.data = data;
    }

    /** @throws IOException where the file is none, too */
    static Safetensors read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < Long.BYTES) {
            throw new IOException("shorter than its header");
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > bytes.length - Long.BYTES) {
            throw new IOException("shorter than its header");
        }
        JsonNode header = Json.mapper().readTree(bytes, Long.BYTES, (int) length);
        return new Safetensors(bytes, header, Long.BYTES + (int) length);
    }

    /** {@code float[rows][columns]} of a tensor of two dimensions, all of them finite. */
    float[][] matrix(String name) throws IOException {
        JsonNode tensor = header.path(name);
        JsonNode shape = tensor.path("shape");
        JsonNode offsets = tensor.path("data_offsets");
        if (!"F32".equals(tensor.path("dtype").asText()) || shape.size() != 2 || offsets.size() != 2) {
            throw new IOException("no tensor '" + name + "' of 32-bit floats in two dimensions");
        }
        int rows = shape.get(0).asInt();
        int columns = shape.get(1).asInt();
        long begin = offsets.get(0).asLong();
        long end = offsets.get(1).asLong();
        if (rows < 1
                || columns < 1
                || begin < 0
                || end > bytes.length - data
                || end - begin != (long) rows * columns * Float.BYTES) {
            throw new IOException("tensor '" + name + "' does not lie within the file");
        }
        ByteBuffer values =
                ByteBuffer.wrap(bytes, data + (int) begin, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            for (int i = 0; i < columns; i++) {
                row[i] = values.getFloat();
                if (!Float.isFinite(row[i])) {
                    throw new IOException("tensor '" + name + "' has values that are no numbers");
                }
            }
        }
        return matrix;
    }
}
