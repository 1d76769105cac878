package dev.gbpf.host.jit;

import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.vm.ExecutableProgram;

/**
 * A program as JVM code, linked to its maps and with a stack of its own. It allocates nothing when it runs, and trusts the
 * verifier: running an unverified program can end the process. Generated classes extend this one.
 */
public abstract class CompiledProgram implements ExecutableProgram {
    CompiledProgram() {}

    /** Runs it once with the first two registers given, as conformance suites do. */
    public abstract long run(long r1, long r2, PlaneServices services);
}
