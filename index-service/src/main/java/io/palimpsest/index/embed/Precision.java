package io.palimpsest.index.embed;

/** The numbers a model computes with. Vectors of different precisions must never meet in one index generation. */
public enum Precision {
    FP32("fp32", "all-minilm-l6-v2.onnx"),
    /** Half to twice as fast again, at a cost of 0 to 0.015 nDCG@10. */
    INT8("int8", "all-minilm-l6-v2-q.onnx");

    private final String id;
    private final String miniLmResource;

    Precision(String id, String miniLmResource) {
        this.id = id;
        this.miniLmResource = miniLmResource;
    }

    public String id() {
        return id;
    }

    String miniLmResource() {
        return miniLmResource;
    }
}
