package dev.gbpf.cuda.ptx;

import dev.gbpf.cuda.ptx.PtxText.Function;
import dev.gbpf.cuda.ptx.PtxText.Step;
import dev.gbpf.host.memory.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Does what a thread of a GPU does with the PTX of {@link PtxModule}, as PTX's manual says it. Where that leaves a result open it gives one that
 * nobody can want; what a GPU would stop at (accesses that are not aligned, or to no memory) is an error.
 */
public final class PtxMachine {
    private static final long POISON = 0xDEAD_BEEF_DEAD_BEEFL;

    private final PtxText module;
    private final List<MemorySegment> memory = new ArrayList<>();
    /** Of the calls that are under way. */
    private final List<MemorySegment> frames = new ArrayList<>();

    private final FarCalls far;

    /** Functions that are not the module's, which it calls by their address. */
    @FunctionalInterface
    public interface FarCalls {
        long call(long function, long[] arguments);
    }

    PtxMachine(String module) {
        this(module, (function, _) -> {
            throw new AssertionError("a call of no function, at " + Long.toHexString(function));
        });
    }

    /** A machine for a module whose functions call others. */
    public PtxMachine(String module, FarCalls far) {
        this.module = new PtxText(module);
        this.far = far;
    }

    /** Lets functions use memory. */
    public void allow(MemorySegment segment) {
        memory.add(segment);
    }

    /** Calls a function with these arguments. */
    public long call(String function, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            return new Frame(module.function(function), arguments, arena).run();
        }
    }

    /** One call. */
    private final class Frame {
        private final Function function;
        private final Map<String, Long> values = new HashMap<>();
        private final Map<String, Long> passed = new HashMap<>();
        private final MemorySegment own;

        Frame(Function function, long[] arguments, Arena arena) {
            this.function = function;
            for (int i = 0; i < arguments.length; i++) {
                passed.put(function.parameters.get(i), arguments[i]);
            }
            this.own = arena.allocate(Math.max(function.frameBytes, 1), 16).fill((byte) 0x5a);
            values.put("%frame", own.address());
        }

        long run() {
            frames.add(own);
            try {
                int at = 0;
                while (true) {
                    Step step = function.steps.get(at++);
                    String guard = step.guard();
                    if (!guard.isEmpty() && (get(guard.replace("!", "")) != 0) == guard.startsWith("!")) {
                        continue;
                    }
                    switch (step.opcode().getFirst()) {
                        case "ret" -> {
                            return get(passed, "answer");
                        }
                        case "bra" -> at = function.at(step.operands().getFirst());
                        default -> step(step, step.operands());
                    }
                }
            } finally {
                frames.removeLast();
            }
        }

        private static long get(Map<String, Long> from, String name) {
            Long value = from.get(name);
            if (value == null) {
                throw new AssertionError(name + " has no value");
            }
            return value;
        }

        private long get(String operand) {
            if (operand.startsWith("%")) {
                return get(values, operand);
            }
            if (operand.startsWith("{")) {
                int comma = operand.indexOf(',');
                long low = get(operand.substring(1, comma));
                return (low & 0xFFFF_FFFFL) | (get(operand.substring(comma + 2, operand.length() - 1)) << 32);
            }
            return Long.decode(operand);
        }

        private long get(List<String> operands, int i) {
            return get(operands.get(i));
        }

        private void set(String register, long value) {
            values.put(register, value);
        }

        private void step(Step step, List<String> o) {
            List<String> op = step.opcode();
            String type = op.getLast();
            switch (op.getFirst()) {
                case "ld" -> {
                    long value =
                            op.get(1).equals("param") ? get(passed, bare(o.get(1))) : read(place(o.get(1), type), type);
                    set(o.getFirst(), value);
                }
                case "st" -> {
                    if (op.get(1).equals("param")) {
                        passed.put(bare(o.getFirst()), get(o, 1));
                    } else {
                        write(place(o.getFirst(), type), get(o, 1), type);
                    }
                }
                case "call" -> {
                    String names = o.get(2);
                    long[] arguments = Arrays.stream(
                                    names.substring(1, names.length() - 1).split(", ", -1))
                            .mapToLong(name -> get(passed, name))
                            .toArray();
                    String callee = o.get(1);
                    boolean isFar = callee.startsWith("%");
                    passed.put(
                            bare(o.getFirst()),
                            isFar ? far.call(get(callee), arguments) : PtxMachine.this.call(callee, arguments));
                }
                case "atom", "red" -> atomic(op, o, type);
                case "isspacep" -> set(o.getFirst(), isLocal(get(o, 1)) ? 1 : 0);
                case "cvta" -> set(o.getFirst(), get(o, 1));
                case "cvt" -> set(o.getFirst(), fit(fit(get(o, 1), type), op.get(1)));
                default -> set(o.getFirst(), compute(op, o, type));
            }
        }

        private static String bare(String bracketed) {
            return bracketed.substring(1, bracketed.length() - 1);
        }

        private boolean isLocal(long address) {
            return frames.stream().anyMatch(m -> contains(m, address, 1));
        }

        private long place(String operand, String type) {
            String inner = bare(operand);
            int plus = inner.indexOf('+');
            long address =
                    plus < 0 ? get(inner) : get(inner.substring(0, plus)) + Long.decode(inner.substring(plus + 1));
            int bytes = bits(type) / 8;
            if (address % bytes != 0) {
                throw new AssertionError("an access of " + type + " at " + Long.toHexString(address));
            }
            if (Stream.concat(memory.stream(), frames.stream()).noneMatch(m -> contains(m, address, bytes))) {
                throw new AssertionError("an access to no memory, at " + Long.toHexString(address));
            }
            return address;
        }

        private void atomic(List<String> op, List<String> operands, String type) {
            boolean fetches = op.getFirst().equals("atom");
            List<String> o = operands.subList(fetches ? 1 : 0, operands.size());
            long address = place(o.getFirst(), type);
            long before = read(address, type.replace('b', 'u'));
            long x = get(o, 1);
            long after = switch (op.get(op.size() - 2)) {
                case "add" -> before + x;
                case "or" -> before | x;
                case "and" -> before & x;
                case "xor" -> before ^ x;
                case "exch" -> x;
                case "cas" -> before == fit(x, type) ? get(o, 2) : before;
                default -> throw new AssertionError(op);
            };
            write(address, after, type);
            if (fetches) {
                set(operands.getFirst(), before);
            }
        }

        private long compute(List<String> op, List<String> o, String type) {
            long x = fit(get(o, 1), type);
            long y = o.size() > 2 ? fit(get(o, 2), type) : 0;
            int bits = type.equals("local") ? 64 : bits(type);
            return switch (op.getFirst()) {
                case "mov" -> x;
                case "add" -> fit(x + y, type);
                case "sub" -> fit(x - y, type);
                case "neg" -> fit(-x, type);
                case "and" -> x & y;
                case "or" -> x | y;
                case "xor" -> x ^ y;
                case "mul" ->
                    op.get(1).equals("lo")
                            ? fit(x * y, type)
                            : bits == 64 ? Math.unsignedMultiplyHigh(x, y) : fit((x * y) >>> 32, type);
                case "mad" -> fit(x * y + get(o, 3), type);
                case "shl" -> y >= bits ? fit(POISON, type) : fit(x << y, type);
                case "shr" -> y >= bits ? fit(POISON, type) : type.startsWith("s") ? x >> y : x >>> y;
                case "div", "rem" -> divide(op.getFirst(), x, y, type);
                case "prmt" -> permute(x, y, Integer.decode(o.get(3)));
                case "selp" -> get(o, 3) != 0 ? x : y;
                case "setp" -> compare(op.get(1), x, y, type) ? 1 : 0;
                default -> throw new AssertionError(op);
            };
        }

        private static long divide(String op, long x, long y, String type) {
            boolean signed = type.startsWith("s");
            if (y == 0 || (signed && y == -1 && x == fit(1L << (bits(type) - 1), type))) {
                return fit(POISON, type);
            }
            if (signed) {
                return op.equals("div") ? x / y : x % y;
            }
            return op.equals("div") ? Long.divideUnsigned(x, y) : Long.remainderUnsigned(x, y);
        }

        private static long permute(long x, long y, int selector) {
            long bytes = (x & 0xFFFF_FFFFL) | (y << 32);
            long result = 0;
            for (int i = 0; i < 4; i++) {
                int from = (selector >> (4 * i)) & 7;
                result |= ((bytes >>> (8 * from)) & 0xff) << (8 * i);
            }
            return result;
        }

        private static boolean compare(String how, long x, long y, String type) {
            int order = type.startsWith("s") ? Long.compare(x, y) : Long.compareUnsigned(x, y);
            return switch (how) {
                case "eq" -> order == 0;
                case "ne" -> order != 0;
                case "lt" -> order < 0;
                case "le" -> order <= 0;
                case "gt" -> order > 0;
                case "ge" -> order >= 0;
                default -> throw new AssertionError(how);
            };
        }
    }

    private static boolean contains(MemorySegment segment, long address, int bytes) {
        return address >= segment.address() && address + bytes <= segment.address() + segment.byteSize();
    }

    private static int bits(String type) {
        return type.equals("pred") ? 1 : Integer.parseInt(type.substring(1));
    }

    /** A value as a register of a type holds it: signed types with their sign. */
    private static long fit(long value, String type) {
        if (!type.matches("[subf]\\d+")) {
            return value;
        }
        int unused = 64 - bits(type);
        return type.startsWith("s") ? value << unused >> unused : value << unused >>> unused;
    }

    private static long read(long address, String type) {
        long value = switch (bits(type)) {
            case 8 -> NativeMemory.getByte(address);
            case 16 -> NativeMemory.getShort(address);
            case 32 -> NativeMemory.getInt(address);
            default -> NativeMemory.getLong(address);
        };
        return fit(value, type);
    }

    private static void write(long address, long value, String type) {
        switch (bits(type)) {
            case 8 -> NativeMemory.putByte(address, (byte) value);
            case 16 -> NativeMemory.putShort(address, (short) value);
            case 32 -> NativeMemory.putInt(address, (int) value);
            default -> NativeMemory.putLong(address, value);
        }
    }
}
