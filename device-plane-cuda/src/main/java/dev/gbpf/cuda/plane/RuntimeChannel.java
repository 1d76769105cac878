package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.table.TableChannel;
import java.util.function.BooleanSupplier;

/**
 * How the policy tables of a runtime come to its kernel.
 *
 * @param blocks of the plane, the control block counted
 * @param running whether a kernel runs, or is between two launches
 */
record RuntimeChannel(int blocks, HostControl control, StatusReader status, BooleanSupplier running)
        implements TableChannel {
    @Override
    public void publish(long address, long epoch) {
        control.publish(address, epoch);
    }

    @Override
    public long adopted() {
        return status.policyEpoch();
    }

    @Override
    public long settled() {
        return status.policySettled();
    }

    @Override
    public long ejected() {
        return status.policyEjected();
    }

    @Override
    public long faults() {
        return status.policyFaults();
    }

    @Override
    public void change(long address, long number) {
        control.changeMap(address, number);
    }

    @Override
    public long changed() {
        return status.mapChange();
    }

    @Override
    public long answer() {
        return status.mapAnswer();
    }

    @Override
    public boolean isRunning() {
        return running.getAsBoolean();
    }
}
