package io.palimpsest.platform.content;

final class InMemoryContentStoreContractTest extends ContentStoreContract {
    private final InMemoryContentStore store = new InMemoryContentStore();

    @Override
    protected ContentStore store() {
        return store;
    }
}
