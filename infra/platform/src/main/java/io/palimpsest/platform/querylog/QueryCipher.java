package io.palimpsest.platform.querylog;

/** Seals what is personal in the query log. Threading: safe. */
public interface QueryCipher {
    /** @param context must be the same to open it again */
    byte[] seal(byte[] plain, byte[] context);

    byte[] open(byte[] sealed, byte[] context);
}
