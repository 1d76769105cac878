package dev.gbpf.host.jit;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.vm.CallFrames;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of an image as JVM code, not yet linked to maps. Immutable; linked as often as it is loaded, so that what the
 * JVM has learnt and compiled serves all loads.
 */
public final class CompiledCode {
    /** The constructor of the generated class: helpers, cpu, frame, spill, program, maps. */
    static final MethodType CONSTRUCTOR = MethodType.methodType(
            void.class, HelperCalls.class, long.class, long.class, long.class, int.class, BpfMap[].class);

    /** Where chunks hand registers over, bytes for all frames. */
    private static final int SPILL_BYTES = CallFrames.STACK_BYTES >> ChunkDriver.FRAME_PER_SPILL_SHIFT;

    /** Two cache lines, which a processor may fetch together: no two threads' stacks share them. */
    private static final int STACK_ALIGNMENT = 128;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final byte[] classFile;
    private final int programs;
    private final MethodHandle constructor;

    CompiledCode(byte[] classFile, int programs) {
        this.classFile = classFile;
        this.programs = programs;
        try {
            MethodHandles.Lookup defined = LOOKUP.defineHiddenClass(classFile, false);
            this.constructor = defined.findConstructor(defined.lookupClass(), CONSTRUCTOR)
                    .asType(CONSTRUCTOR.changeReturnType(CompiledProgram.class));
        } catch (IllegalAccessException | NoSuchMethodException e) {
            throw new IllegalStateException("the generated class is not what it was made to be", e);
        }
    }

    /** How many programs there are. */
    public int programs() {
        return programs;
    }

    /** Size of the class file, bytes. */
    public int bytes() {
        return classFile.length;
    }

    /** The class file, for tools. */
    public byte[] classFile() {
        return classFile.clone();
    }

    /** Memory for the stack of linked programs, which lives as long as the arena. */
    public static long allocateStack(Arena arena) {
        return arena.allocate(CallFrames.STACK_BYTES + SPILL_BYTES, STACK_ALIGNMENT)
                .address();
    }

    /**
     * Makes the programs ready to run, in their order.
     *
     * @param maps the maps that they refer to by index, with the definitions that they were compiled for; they must outlive
     *     the programs
     * @param arena where their stack lies, which they share, so that only one of them runs at a time; it must outlive them
     */
    public List<CompiledProgram> link(List<? extends BpfMap> maps, Arena arena) {
        return link(maps, allocateStack(arena), 0);
    }

    /**
     * Makes the programs ready to run on one decision thread, on a stack from {@link #allocateStack}.
     *
     * @param cpu the number of the thread, which says which values of per-CPU maps are its own
     */
    public List<CompiledProgram> link(List<? extends BpfMap> maps, long stack, int cpu) {
        List<BpfMap> own = maps.stream().map(map -> map.onCpu(cpu)).toList();
        return link(own, new HelperDispatcher(own, cpu), stack, cpu);
    }

    /**
     * Makes the programs ready to run on decision thread 0.
     *
     * @param helpers what their calls go to, all of them when they are {@link HelperLinking#DISPATCHED}
     */
    public List<CompiledProgram> link(List<? extends BpfMap> maps, HelperCalls helpers, Arena arena) {
        return link(maps, helpers, allocateStack(arena), 0);
    }

    private List<CompiledProgram> link(List<? extends BpfMap> maps, HelperCalls helpers, long stack, int cpu) {
        long frame = stack + CallFrames.FRAME_BYTES;
        long spill = stack + CallFrames.STACK_BYTES;
        BpfMap[] table = maps.toArray(BpfMap[]::new);
        List<CompiledProgram> linked = new ArrayList<>();
        for (int i = 0; i < programs; i++) {
            linked.add(make(helpers, cpu, frame, spill, i, table));
        }
        return linked;
    }

    private CompiledProgram make(HelperCalls helpers, long cpu, long frame, long spill, int program, BpfMap[] maps) {
        try {
            return (CompiledProgram) constructor.invokeExact(helpers, cpu, frame, spill, program, maps);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the generated constructor throws nothing checked", e);
        }
    }
}
