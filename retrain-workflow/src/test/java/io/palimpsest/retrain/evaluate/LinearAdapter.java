package io.palimpsest.retrain.evaluate;

import java.util.List;

/**
 * A linear map of query vectors to the vectors of their relevant documents, by ridge regression: what a query adapter learns
 * when it learns all that it can.
 */
final class LinearAdapter {
    private final double[][] weights;
    private final double share;

    private LinearAdapter(double[][] weights, double share) {
        this.weights = weights;
        this.share = share;
    }

    /**
     * Solves (Q'Q + ridge I) W = Q'D by Cholesky.
     *
     * @param share of the map in the result; the rest is the query as it was
     */
    static LinearAdapter train(List<float[]> queries, List<float[]> documents, double ridge, double share) {
        int n = queries.getFirst().length;
        double[][] gram = new double[n][n];
        double[][] cross = new double[n][n];
        for (int row = 0; row < queries.size(); row++) {
            float[] q = queries.get(row);
            float[] d = documents.get(row);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    gram[i][j] += (double) q[i] * q[j];
                    cross[i][j] += (double) q[i] * d[j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            gram[i][i] += ridge;
        }
        return new LinearAdapter(solve(gram, cross), share);
    }

    private static double[][] solve(double[][] a, double[][] b) {
        int n = a.length;
        for (int j = 0; j < n; j++) { // a becomes its lower Cholesky factor
            for (int i = j; i < n; i++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
            }
        }
        for (int c = 0; c < n; c++) {
            for (int i = 0; i < n; i++) {
                double sum = b[i][c];
                for (int k = 0; k < i; k++) {
                    sum -= a[i][k] * b[k][c];
                }
                b[i][c] = sum / a[i][i];
            }
            for (int i = n - 1; i >= 0; i--) {
                double sum = b[i][c];
                for (int k = i + 1; k < n; k++) {
                    sum -= a[k][i] * b[k][c];
                }
                b[i][c] = sum / a[i][i];
            }
        }
        return b;
    }

    float[] apply(float[] query) {
        int n = query.length;
        double[] mapped = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                mapped[j] += query[i] * weights[i][j];
            }
        }
        double norm = 0;
        for (double value : mapped) {
            norm += value * value;
        }
        norm = Math.sqrt(norm);
        float[] result = new float[n];
        for (int i = 0; i < n; i++) {
            result[i] = (float) ((1 - share) * query[i] + (norm > 0 ? share * mapped[i] / norm : 0));
        }
        return result;
    }
}
