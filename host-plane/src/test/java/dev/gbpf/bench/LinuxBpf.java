package dev.gbpf.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in the JIT of the kernel that this runs on, loaded as a socket filter and attached to nothing ({@code bpf(2)}; needs root). The
 * program's maps are the kernel's.
 */
final class LinuxBpf implements AutoCloseable {
    private static final long SYS_BPF = 321;
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int PROG_TEST_RUN = 10;
    private static final int SOCKET_FILTER = 1;
    private static final long ATTRIBUTES = 144;
    private static final int LOG_BYTES = 1 << 20;
    private static final int MAP_HASH = 1;
    private static final int MAP_ARRAY = 2;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Arena arena = Arena.ofConfined();
    private final List<Integer> descriptors = new ArrayList<>();
    private final List<Integer> maps = new ArrayList<>();
    private final int program;

    /**
     * What a run was.
     *
     * @param ns average of the repeats
     * @param result the low half of r0
     */
    record Run(long ns, int result) {}

    /** Thrown when the kernel refuses. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String what) {
            super(what);
        }
    }

    /**
     * Loads a program.
     *
     * @throws RefusedException with the kernel's reason
     */
    LinuxBpf(Program code, List<MapDefinition> definitions) throws RefusedException {
        for (MapDefinition definition : definitions) {
            MemorySegment attributes = attributes();
            attributes.set(JAVA_INT, 0, definition.kind() == MapKind.ARRAY ? MAP_ARRAY : MAP_HASH);
            attributes.set(JAVA_INT, 4, definition.keySize());
            attributes.set(JAVA_INT, 8, definition.valueSize());
            attributes.set(JAVA_INT, 12, definition.maxEntries());
            maps.add(descriptor(checked("map " + definition.name(), MAP_CREATE, attributes)));
        }
        byte[] bytes = InstructionEncoder.encode(new Program(
                code.instructions().stream().map(this::withDescriptor).toList()));
        MemorySegment instructions = arena.allocate(bytes.length, Long.BYTES);
        MemorySegment.copy(bytes, 0, instructions, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
        MemorySegment attributes = attributes();
        attributes.set(JAVA_INT, 0, SOCKET_FILTER);
        attributes.set(JAVA_INT, 4, bytes.length / 8);
        attributes.set(JAVA_LONG, 8, instructions.address());
        attributes.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
        program = load(attributes);
    }

    private Instruction withDescriptor(Instruction instruction) {
        return instruction instanceof Instruction.LoadPseudo(PseudoKind kind, var register, int map, int next)
                        && kind == PseudoKind.MAP_BY_INDEX
                ? new Instruction.LoadPseudo(PseudoKind.MAP_BY_FD, register, maps.get(map), next)
                : instruction;
    }

    /** Once without a log; once more with it, for the reason, when that fails. */
    private int load(MemorySegment attributes) throws RefusedException {
        MemorySegment state = arena.allocate(STATE);
        long fd = bpf(state, PROG_LOAD, attributes);
        if (fd >= 0) {
            return descriptor(fd);
        }
        int errno = (int) ERRNO.get(state, 0L);
        MemorySegment log = arena.allocate(LOG_BYTES);
        attributes.set(JAVA_INT, 24, 1);
        attributes.set(JAVA_INT, 28, LOG_BYTES);
        attributes.set(JAVA_LONG, 32, log.address());
        bpf(state, PROG_LOAD, attributes);
        List<String> lines =
                log.getString(0).lines().filter(l -> !l.startsWith("processed")).toList();
        throw new RefusedException("error " + errno + (lines.isEmpty() ? "" : ": " + lines.getLast()));
    }

    private MemorySegment attributes() {
        return arena.allocate(ATTRIBUTES, Long.BYTES);
    }

    private int descriptor(long fd) {
        descriptors.add((int) fd);
        return (int) fd;
    }

    private long checked(String what, int command, MemorySegment attributes) throws RefusedException {
        MemorySegment state = arena.allocate(STATE);
        long result = bpf(state, command, attributes);
        if (result < 0) {
            throw new RefusedException(what + ": error " + (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static long bpf(MemorySegment state, int command, MemorySegment attributes) {
        try {
            return (long) SYSCALL.invokeExact(state, SYS_BPF, command, attributes, (int) ATTRIBUTES);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("bpf throws nothing", e);
        }
    }

    /** Sets an entry of a map. */
    void put(int map, byte[] key, byte[] value) throws RefusedException {
        MemorySegment attributes = attributes();
        attributes.set(JAVA_INT, 0, maps.get(map));
        attributes.set(JAVA_LONG, 8, bytes(key).address());
        attributes.set(JAVA_LONG, 16, bytes(value).address());
        checked("update of map " + map, MAP_UPDATE_ELEM, attributes);
    }

    private MemorySegment bytes(byte[] bytes) {
        return arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, bytes);
    }

    /** Runs it so many times in a row. */
    Run run(int repeat) throws RefusedException {
        MemorySegment attributes = attributes();
        MemorySegment packet = arena.allocate(64, Long.BYTES);
        MemorySegment copy = arena.allocate(320, Long.BYTES);
        attributes.set(JAVA_INT, 0, program);
        attributes.set(JAVA_INT, 8, (int) packet.byteSize());
        attributes.set(JAVA_INT, 12, (int) copy.byteSize());
        attributes.set(JAVA_LONG, 16, packet.address());
        attributes.set(JAVA_LONG, 24, copy.address());
        attributes.set(JAVA_INT, 32, repeat);
        checked("run", PROG_TEST_RUN, attributes);
        return new Run(attributes.get(JAVA_INT, 36), attributes.get(JAVA_INT, 4));
    }

    @Override
    public void close() {
        for (int fd : descriptors) {
            try {
                int closed = (int) CLOSE.invokeExact(fd);
                assert closed == 0;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("close throws nothing", e);
            }
        }
        arena.close();
    }
}
