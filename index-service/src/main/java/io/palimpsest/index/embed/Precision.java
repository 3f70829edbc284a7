package io.palimpsest.index.embed;

import io.palimpsest.platform.model.MiniLmFile;

/** The numbers a model computes with. Vectors of different precisions must never meet in one index generation. */
public enum Precision {
    FP32("fp32", MiniLmFile.FP32),
    /** Half to twice as fast again, at a cost of 0 to 0.015 nDCG@10. */
    INT8("int8", MiniLmFile.INT8);

    private final String id;
    private final MiniLmFile miniLm;

    Precision(String id, MiniLmFile miniLm) {
        this.id = id;
        this.miniLm = miniLm;
    }

    public String id() {
        return id;
    }

    MiniLmFile miniLm() {
        return miniLm;
    }
}
