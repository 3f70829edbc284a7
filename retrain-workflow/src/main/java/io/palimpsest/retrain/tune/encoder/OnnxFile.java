package io.palimpsest.retrain.tune.encoder;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the weights of an ONNX file lie: nodes and initializers of {@code ModelProto.graph}, read from its protobuf form (field
 * numbers of onnx.proto, ONNX IR version 8). Values are read from the mapped file and overwritten in place, length for length, so
 * that nothing else of the file changes.
 *
 * <p>Threading: reading is safe from any thread. Failure: {@code IllegalArgumentException} for what is no ONNX file, is cut off or
 * lacks what is asked for.
 */
public final class OnnxFile {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;

    private final ByteBuffer bytes;
    private final Map<String, OnnxTensorBytes> initializers = new HashMap<>();
    private final Map<String, List<String>> inputsByNode = new HashMap<>();

    private OnnxFile(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Maps the file; the mapping goes when this is collected. */
    public static OnnxFile read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            OnnxFile file = new OnnxFile(mapped.order(ByteOrder.LITTLE_ENDIAN));
            file.readModel();
            return file;
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(path.getFileName() + " is no ONNX file, or cut off", e);
        }
    }

    public boolean hasNode(String name) {
        return inputsByNode.containsKey(name);
    }

    /** The only initializer among the node's inputs. */
    public OnnxTensorBytes weightOf(String node) {
        List<OnnxTensorBytes> weights = inputsByNode.getOrDefault(node, List.of()).stream()
                .filter(initializers::containsKey)
                .map(this::initializer)
                .toList();
        if (weights.size() != 1) {
            throw new IllegalArgumentException("node " + node + " has " + weights.size() + " weights, not 1");
        }
        return weights.getFirst();
    }

    /** The node's input at this place, which must be an initializer. */
    public OnnxTensorBytes weightOf(String node, int input) {
        List<String> inputs = inputsByNode.getOrDefault(node, List.of());
        if (inputs.size() <= input) {
            throw new IllegalArgumentException("there is no node " + node + " with " + (input + 1) + " inputs");
        }
        return initializer(inputs.get(input));
    }

    public OnnxTensorBytes initializer(String name) {
        OnnxTensorBytes tensor = initializers.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no initializer " + name);
        }
        return tensor;
    }

    /** Copies the values of a float tensor. */
    public float[] floats(OnnxTensorBytes tensor) {
        float[] values = new float[tensor.requireType(OnnxTensorBytes.FLOAT).length() / Float.BYTES];
        view(tensor).asFloatBuffer().get(values);
        return values;
    }

    /** Copies {@code count} values of a float tensor from value {@code first} on. */
    public void floats(OnnxTensorBytes tensor, int first, float[] into) {
        view(tensor.requireType(OnnxTensorBytes.FLOAT)).asFloatBuffer().get(first, into);
    }

    public byte[] bytes(OnnxTensorBytes tensor) {
        byte[] values = new byte[tensor.length()];
        view(tensor).get(values);
        return values;
    }

    /** Whether every float weight is a number. */
    public boolean isFinite() {
        for (OnnxTensorBytes tensor : initializers.values()) {
            if (tensor.type() == OnnxTensorBytes.FLOAT) {
                var values = view(tensor).asFloatBuffer();
                while (values.hasRemaining()) {
                    if (!Float.isFinite(values.get())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private ByteBuffer view(OnnxTensorBytes tensor) {
        return bytes.slice((int) tensor.offset(), tensor.length()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void readModel() throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes.duplicate());
        // The default of 64 MiB, or 2 GiB by version, is not ours to depend on.
        in.setSizeLimit(Integer.MAX_VALUE);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (isMessage(tag, MODEL_GRAPH)) {
                readGraph(in);
            } else {
                in.skipField(tag);
            }
        }
        if (inputsByNode.isEmpty()) {
            throw new IllegalArgumentException("the file holds no graph");
        }
    }

    private void readGraph(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (isMessage(tag, GRAPH_NODE)) {
                readNode(in);
            } else if (isMessage(tag, GRAPH_INITIALIZER)) {
                OnnxTensorBytes tensor = OnnxTensorBytes.read(in);
                initializers.put(tensor.name(), tensor);
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
    }

    private void readNode(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        List<String> inputs = new ArrayList<>();
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> inputs.add(in.readString());
                case 3 -> name = in.readString();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
        inputsByNode.put(name, inputs);
    }

    static boolean isMessage(int tag, int field) {
        return WireFormat.getTagFieldNumber(tag) == field
                && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
}
