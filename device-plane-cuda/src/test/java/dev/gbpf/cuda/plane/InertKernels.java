package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.driver.FakeGpu;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.layout.HostStatusLayout;
import dev.gbpf.cuda.layout.ParamsLayout;
import dev.gbpf.cuda.layout.PlaneLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Kernels of a fake GPU that do nothing but what the host waits for: the plane is laid out somehow, and a launch is over at once. */
final class InertKernels implements FakeGpu.Kernels {
    static final int HOST_OFFSET = 1;
    private static final long BYTES = 1 << 16;
    private static final long BOARD = 4096;
    private static final long ACCOUNTS = 8192;

    final List<String> launched = new ArrayList<>();

    @Override
    public void launch(String function, LaunchShape shape, List<byte[]> arguments) {
        launched.add(function + " " + shape.blocks() + "x" + shape.threads());
        if (function.equals("gbpf_lay_out")) {
            long base = CpuKernels.longOf(arguments.get(1));
            MemorySegment root = CpuKernels.at(arguments.getFirst(), PlaneLayout.BYTES);
            root.set(JAVA_LONG, PlaneLayout.SIZE, BYTES);
            root.set(JAVA_LONG, PlaneLayout.BOARD_ADDRESS, base + BOARD);
            root.set(JAVA_LONG, PlaneLayout.ACCOUNTS_ADDRESS, base + ACCOUNTS);
        } else if (function.equals("gbpf_control")) {
            MemorySegment params = CpuKernels.at(arguments.getFirst(), ParamsLayout.BYTES);
            // The host gave addresses as the device sees them.
            long status = params.get(JAVA_LONG, ParamsLayout.STATUS_ADDRESS) - HOST_OFFSET;
            MemorySegment.ofAddress(status)
                    .reinterpret(HostStatusLayout.BYTES)
                    .set(JAVA_INT, HostStatusLayout.STATE, LaunchState.DRAINED.ordinal());
        }
    }
}
