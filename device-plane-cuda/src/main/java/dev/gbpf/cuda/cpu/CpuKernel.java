package dev.gbpf.cuda.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The resident kernel on threads of this process: {@code cpu/plane.cpp}. Memory is named by its address and is the caller's. */
public final class CpuKernel {
    private CpuKernel() {}

    private static final class Native {
        static final MethodHandle BYTES = function("gbpf_cpu_bytes", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        static final MethodHandle FORMAT =
                function("gbpf_cpu_format", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
        static final MethodHandle START = function(
                "gbpf_cpu_start",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
        static final MethodHandle JOIN = function("gbpf_cpu_join", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

        private static MethodHandle function(String name, FunctionDescriptor descriptor) {
            return CpuLibrary.get().function(name, descriptor);
        }
    }

    /**
     * Bytes of a plane.
     *
     * @param params address of its {@code struct gbpf_params}
     * @throws dev.gbpf.cuda.build.NativeBuildException when this build has no code for the CPU
     */
    public static long planeBytes(long params) {
        return call(Native.BYTES, params);
    }

    /**
     * Makes a plane.
     *
     * @param memory address of so many bytes, all zero, a multiple of 256
     * @param params address of its {@code struct gbpf_params}
     */
    public static void format(long memory, long params) {
        call(Native.FORMAT, memory, params);
    }

    /**
     * Starts a launch.
     *
     * @param plane its address
     * @param durationNs after which it ends at the latest
     * @param number counts launches of the plane, from 1
     * @param policyAddress of the newest policy table
     * @param policyEpoch its epoch; 0: there is none
     * @return what {@link #join} wants
     * @throws IllegalStateException when the system gives no more threads
     */
    public static long start(long plane, long durationNs, int number, long policyAddress, long policyEpoch) {
        long launch = call(Native.START, plane, durationNs, number, policyAddress, policyEpoch);
        if (launch == 0) {
            throw new IllegalStateException(
                    "the system gives no threads for the warps of the plane; see ulimit -u, or use fewer workers and warps");
        }
        return launch;
    }

    /** Waits for the end of a launch and forgets it; why it ended, as {@code GBPF_STATE_...}. */
    public static int join(long launch) {
        return (int) call(Native.JOIN, launch);
    }

    private static long call(MethodHandle function, Object... arguments) {
        try {
            return ((Number) function.invokeWithArguments(arguments)).longValue();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
