package io.palimpsest.retrain.tune.encoder;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the values of one {@code TensorProto} lie in its file: little-endian, row-major.
 *
 * @param type of {@code TensorProto.DataType}
 * @param offset of the first value in the file
 * @param length in bytes; 0 where the values are not stored as plain bytes
 */
public record OnnxTensorBytes(String name, List<Integer> shape, int type, long offset, int length) {
    public static final int FLOAT = 1;
    public static final int INT8 = 3;

    public OnnxTensorBytes {
        shape = List.copyOf(shape);
    }

    public OnnxTensorBytes requireType(int wanted) {
        if (type != wanted || length == 0) {
            throw new IllegalArgumentException("initializer " + name + " is of type " + type + " with " + length
                    + " bytes; wanted type " + wanted);
        }
        return this;
    }

    public OnnxTensorBytes requireShape(Integer... wanted) {
        if (!shape.equals(List.of(wanted))) {
            throw new IllegalArgumentException(
                    "initializer " + name + " has the shape " + shape + ", wanted " + List.of(wanted));
        }
        return this;
    }

    /** Reads the message with its length in front. */
    static OnnxTensorBytes read(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        List<Integer> shape = new ArrayList<>();
        String name = "";
        int type = 0;
        long offset = 0;
        int length = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> readDimensions(in, tag, shape);
                case 2 -> type = in.readInt32();
                case 8 -> name = in.readString();
                // float_data, packed, and raw_data: plain bytes both
                case 4, 9 -> {
                    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                        in.skipField(tag);
                    } else {
                        length = in.readRawVarint32();
                        offset = in.getTotalBytesRead();
                        in.skipRawBytes(length);
                    }
                }
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return new OnnxTensorBytes(name, shape, type, offset, length);
    }

    private static void readDimensions(CodedInputStream in, int tag, List<Integer> shape) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            int outer = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0) {
                shape.add((int) in.readInt64());
            }
            in.popLimit(outer);
        } else {
            shape.add((int) in.readInt64());
        }
    }
}
