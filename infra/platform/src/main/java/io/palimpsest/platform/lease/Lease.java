package io.palimpsest.platform.lease;

/** A name that this process holds. Threading: safe. */
public final class Lease implements AutoCloseable {
    private final Leases leases;
    private final String name;
    private volatile boolean held = true;

    Lease(Leases leases, String name) {
        this.leases = leases;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** False once another process has taken the name, which it may after a while without renewals. */
    public boolean isHeld() {
        return held;
    }

    void lost() {
        held = false;
    }

    /** Another process may take the name at once. */
    @Override
    public void close() {
        held = false;
        leases.release(this);
    }
}
