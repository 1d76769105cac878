package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Helper;
import java.util.Random;

/** A world as it is before anything has happened: maps as they are made, contexts of zeros. Only helpers' results are random. */
public final class FreshInputs implements MachineInputs {
    private final Random random;

    /** Inputs with these results of helpers. */
    public FreshInputs(Random random) {
        this.random = random;
    }

    @Override
    public byte[] context(ContextLayout layout) {
        return new byte[layout.size()];
    }

    @Override
    public byte[] memory(int size) {
        return new byte[size];
    }

    @Override
    public long result(Helper helper) {
        long span = helper.returnMax() - helper.returnMin();
        // Of any magnitude: a clock is far below the greatest number that it could show.
        long number = random.nextLong() >>> random.nextInt(Long.SIZE);
        return span <= 0 ? helper.returnMin() : helper.returnMin() + Math.floorMod(number, span);
    }

    @Override
    public boolean hasEntry() {
        return false;
    }

    @Override
    public int element(int key, int elements) {
        return key;
    }
}
