package io.palimpsest.contracts.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palimpsest.contracts.event.Json;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Named float tensors in the safetensors format: 8 bytes little-endian length of the header; the header, a JSON object padded
 * with spaces to a multiple of 8 bytes; then the values, float32 little-endian, row-major, in the order of names without gaps.
 * The header gives each tensor's {@code dtype}, {@code shape} and {@code data_offsets} (begin inclusive, end exclusive, from the
 * header's end), and texts of the writer's under {@code __metadata__}.
 *
 * <p>The same tensors and texts give the same bytes. Failure: {@code IllegalArgumentException} on reading what is not of this
 * format, is cut off, or has tensors of another type than F32.
 */
public record Safetensors(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
    private static final String METADATA = "__metadata__";

    public Safetensors {
        tensors = new TreeMap<>(tensors);
        metadata = new TreeMap<>(metadata);
    }

    /** Row-major values. The arrays are not copied: read only. */
    @SuppressWarnings("ArrayRecordComponent") // as large as a model; nobody compares them as keys
    public record Tensor(int[] shape, float[] values) {
        public Tensor {
            if (Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact) != values.length) {
                throw new IllegalArgumentException(
                        values.length + " values do not fill the shape " + Arrays.toString(shape));
            }
        }
    }

    /** @throws IllegalArgumentException when there is none of this name and shape */
    public float[] values(String name, int... shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException("no tensor " + name + " of the shape " + Arrays.toString(shape));
        }
        return tensor.values();
    }

    public byte[] toBytes() {
        ObjectNode header = Json.mapper().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = header.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        int end = 0;
        for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
            ObjectNode entry = header.putObject(each.getKey()).put("dtype", "F32");
            Arrays.stream(each.getValue().shape()).forEach(entry.putArray("shape")::add);
            int begin = end;
            end = Math.addExact(begin, Math.multiplyExact(each.getValue().values().length, Float.BYTES));
            entry.putArray("data_offsets").add(begin).add(end);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + padded + end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(json);
        while (bytes.position() < 8 + padded) {
            bytes.put((byte) ' ');
        }
        for (Tensor tensor : tensors.values()) {
            for (float value : tensor.values()) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }

    public static Safetensors of(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long headerLength = bytes.length < 8 ? -1 : file.getLong();
        if (headerLength < 2 || headerLength > bytes.length - 8) {
            throw new IllegalArgumentException("the header is longer than the file");
        }
        int start = 8 + (int) headerLength;
        JsonNode header = header(Arrays.copyOfRange(bytes, 8, start));
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        long covered = 0;
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue()
                        .properties()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().asText()));
            } else {
                Tensor tensor = tensor(entry.getKey(), entry.getValue(), file, start);
                tensors.put(entry.getKey(), tensor);
                covered += (long) tensor.values().length * Float.BYTES;
            }
        }
        if (covered != bytes.length - start) {
            throw new IllegalArgumentException(
                    "tensors cover " + covered + " bytes, the file has " + (bytes.length - start));
        }
        return new Safetensors(tensors, metadata);
    }

    private static JsonNode header(byte[] json) {
        try {
            return Json.read(json, ObjectNode.class);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException("the header is no JSON object", e);
        }
    }

    private static Tensor tensor(String name, JsonNode entry, ByteBuffer file, int start) {
        int[] shape = new int[entry.path("shape").size()];
        Arrays.setAll(shape, i -> entry.path("shape").path(i).asInt(-1));
        long begin = entry.path("data_offsets").path(0).asLong(-1);
        long end = entry.path("data_offsets").path(1).asLong(-1);
        if (!entry.path("dtype").asText().equals("F32")
                || begin < 0
                || end < begin
                || end > file.capacity() - start
                || (end - begin) % Float.BYTES != 0
                || Arrays.stream(shape).anyMatch(side -> side < 0)) {
            throw new IllegalArgumentException("tensor " + name + " is no F32 tensor inside the file");
        }
        float[] values = new float[(int) ((end - begin) / Float.BYTES)];
        file.slice(start + (int) begin, (int) (end - begin))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new Tensor(shape, values);
    }
}
