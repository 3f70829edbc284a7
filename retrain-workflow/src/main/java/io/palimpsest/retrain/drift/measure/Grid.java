package io.palimpsest.retrain.drift.measure;

/** The bins in which values of one kind are counted; values outside fall into the outermost. */
public enum Grid {
    /** Query length in tokens, one by one. */
    TOKENS(256) {
        @Override
        int rawBin(double value) {
            return (int) value;
        }

        @Override
        double value(int bin) {
            return bin;
        }
    },
    /** Cosine, -1 to 1, in hundredths: finer than what its calibrated distance resolves. */
    SIMILARITY(201) {
        @Override
        int rawBin(double value) {
            return (int) Math.round((value + 1) * 100);
        }

        @Override
        double value(int bin) {
            return bin / 100.0 - 1;
        }
    },
    /** Share of the first ten hits, 0 to 1, in tenths. */
    OVERLAP(11) {
        @Override
        int rawBin(double value) {
            return (int) Math.round(value * 10);
        }

        @Override
        double value(int bin) {
            return bin / 10.0;
        }
    };

    private final int bins;

    Grid(int bins) {
        this.bins = bins;
    }

    abstract int rawBin(double value);

    /** A value of this bin. */
    abstract double value(int bin);

    public int bins() {
        return bins;
    }

    /** @return 0 to {@code bins() - 1} */
    public int bin(double value) {
        return Math.clamp(rawBin(value), 0, bins - 1);
    }
}
