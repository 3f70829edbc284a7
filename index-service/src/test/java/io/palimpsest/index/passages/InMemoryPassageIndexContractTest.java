package io.palimpsest.index.passages;

final class InMemoryPassageIndexContractTest extends PassageIndexContract {
    private final InMemoryPassageIndex memory = new InMemoryPassageIndex();

    @Override
    protected PassageIndex open() {
        return memory;
    }
}
