package io.palimpsest.retrain.workflow;

/**
 * Which collection a workflow works on. Ids only: histories are kept by a server that others read.
 *
 * @param tagged whether the server knows our search attributes; one that does not would refuse them
 */
public record Scope(String tenant, String collection, boolean tagged) {
    /** On a server that is as it says. */
    public Scope tagged(boolean known) {
        return new Scope(tenant, collection, known);
    }

    /** {@code tenant/collection}. */
    public String key() {
        return tenant + "/" + collection;
    }
}
