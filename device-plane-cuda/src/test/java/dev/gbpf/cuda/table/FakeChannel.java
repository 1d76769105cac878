package dev.gbpf.cuda.table;

/** A kernel that settles when it is told to. */
final class FakeChannel implements TableChannel {
    long address;
    long epoch;
    long settled;
    long ejected;
    boolean running;

    @Override
    public int blocks() {
        return 3;
    }

    @Override
    public void publish(long to, long of) {
        address = to;
        epoch = of;
    }

    @Override
    public long adopted() {
        return epoch;
    }

    @Override
    public long settled() {
        return settled;
    }

    @Override
    public long ejected() {
        return ejected;
    }

    @Override
    public long faults() {
        return 0;
    }

    @Override
    public void change(long to, long number) {
        // Nobody does it.
    }

    @Override
    public long changed() {
        return 0;
    }

    @Override
    public long answer() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
