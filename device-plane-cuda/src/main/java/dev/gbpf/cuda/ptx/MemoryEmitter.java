package dev.gbpf.cuda.ptx;

import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;

/**
 * Loads, stores and atomic operations (RFC 9669, section 5). What is in a slot of the frame is a register; an address that is surely aligned takes one
 * access, since the machine has no others, and one of which that is not known is looked at when it is used.
 */
final class MemoryEmitter {
    /** The memory of the frame. */
    static final String FRAME = "%frame";

    private final PtxWriter out;
    private final FramePlan plan;

    MemoryEmitter(PtxWriter out, FramePlan plan) {
        this.out = out;
        this.plan = plan;
    }

    /** The register that holds a slot. */
    static String slot(int number) {
        return "%s" + number;
    }

    /**
     * A place in memory.
     *
     * @param register that holds the address
     * @param fact what is known of it
     * @param offset from it, bytes
     */
    record Address(String register, Fact fact, long offset) {}

    /** {@code d = *(width *) address}. */
    void load(String d, Address address, Width width, boolean signExtend) {
        int slot = plan.slotAt(address.fact, address.offset);
        if (slot >= 0) {
            extend(d, slot(slot), width, signExtend);
            return;
        }
        if (isAligned(address, width)) {
            loadAligned(d, address, width, signExtend);
        } else if (isMisaligned(address, width)) {
            loadBytes(d, address, width, signExtend);
        } else {
            String value = out.wide();
            whereAligned(
                    address,
                    width,
                    () -> loadAligned(value, address, width, signExtend),
                    () -> loadBytes(value, address, width, signExtend));
            out.op("mov.b64", d, value);
        }
    }

    private void loadAligned(String d, Address address, Width width, boolean signExtend) {
        out.op("ld" + space(address) + (signExtend ? ".s" : ".u") + width.bits(), d, place(address, 0));
    }

    private void loadBytes(String d, Address address, Width width, boolean signExtend) {
        String value = out.wide();
        out.op("ld" + space(address) + ".u8", value, place(address, 0));
        for (int i = 1; i < width.bytes(); i++) {
            String next = out.wide();
            out.op("ld" + space(address) + ".u8", next, place(address, i));
            value = out.wide("or.b64", value, out.wide("shl.b64", next, 8 * i));
        }
        extend(d, value, width, signExtend);
    }

    /** {@code *(width *) address = source}. */
    void store(Address address, Operand source, Width width) {
        String value = switch (source) {
            case Register register -> ArithmeticEmitter.name(register);
            case Immediate imm -> out.wide("mov.b64", imm.value());
        };
        store(address, value, width);
    }

    /** The same of a register. */
    void store(Address address, String value, Width width) {
        int slot = plan.slotAt(address.fact, address.offset);
        if (slot >= 0) {
            extend(slot(slot), value, width, false);
        } else if (isAligned(address, width)) {
            storeAligned(address, value, width);
        } else if (isMisaligned(address, width)) {
            storeBytes(address, value, width);
        } else {
            whereAligned(
                    address, width, () -> storeAligned(address, value, width), () -> storeBytes(address, value, width));
        }
    }

    private void storeAligned(Address address, String value, Width width) {
        out.op("st" + space(address) + ".b" + width.bits(), place(address, 0), value);
    }

    private void storeBytes(Address address, String value, Width width) {
        for (int i = 0; i < width.bytes(); i++) {
            String part = i == 0 ? value : out.wide("shr.u64", value, 8 * i);
            out.op("st" + space(address) + ".b8", place(address, i), part);
        }
    }

    private void whereAligned(Address address, Width width, Runnable aligned, Runnable otherwise) {
        String at = out.wide("add.u64", address.register, address.offset);
        String low = out.wide("and.b64", at, width.bytes() - 1);
        String isAligned = out.predicate("setp.eq.u64", low, 0);
        String fast = out.label();
        String end = out.label();
        out.jumpIf(isAligned, fast);
        otherwise.run();
        out.jump(end);
        out.place(fast);
        aligned.run();
        out.place(end);
    }

    /** Low bits of a register, extended to 64. */
    void extend(String d, String from, Width width, boolean signed) {
        switch (width) {
            case DW -> out.op("mov.b64", d, from);
            case W -> {
                if (signed) {
                    out.op("cvt.s64.s32", d, from);
                } else {
                    out.op("cvt.u64.u32", d, out.low(from));
                }
            }
            case H, B -> {
                if (signed) {
                    out.op("cvt.s64.s" + width.bits(), d, from);
                } else {
                    out.op("and.b64", d, from, (1 << width.bits()) - 1);
                }
            }
        }
    }

    private static boolean isAligned(Address address, Width width) {
        return width == Width.B || address.fact.isAligned(address.offset, width.bytes());
    }

    private static boolean isMisaligned(Address address, Width width) {
        return address.fact.isMisaligned(address.offset, width.bytes());
    }

    private static String space(Address address) {
        return address.fact.isFrameSlot() ? ".local" : address.fact.base() == Fact.Base.GLOBAL ? ".global" : "";
    }

    private String place(Address address, int more) {
        if (address.fact.isFrameSlot()) {
            return "[" + FRAME + "+" + (plan.bytes() + address.fact.offset() + address.offset + more) + "]";
        }
        return "[" + address.register + "+" + (address.offset + more) + "]";
    }

    /** An atomic operation; of memory of the thread's own, where the machine has none, the same one after the other. */
    void atomic(Instruction.Atomic atomic, Address address) {
        String operand = ArithmeticEmitter.name(atomic.src());
        String old = out.wide();
        if (address.fact.isFrameSlot()) {
            ordinary(atomic, address, operand, old);
        } else if (address.fact.base() == Fact.Base.GLOBAL) {
            shared(atomic, address, operand, old);
        } else {
            String at = out.wide("add.u64", address.register, address.offset);
            String isOwn = out.predicate("isspacep.local", at);
            String own = out.label();
            String end = out.label();
            out.jumpIf(isOwn, own);
            shared(atomic, address, operand, old);
            out.jump(end);
            out.place(own);
            ordinary(atomic, address, operand, old);
            out.place(end);
        }
        if (atomic.op() == AtomicOp.CMPXCHG) {
            out.op("mov.b64", "%r0", old);
        } else if (atomic.fetch()) {
            out.op("mov.b64", operand, old);
        }
    }

    private void ordinary(Instruction.Atomic atomic, Address address, String operand, String old) {
        Width width = atomic.is64() ? Width.DW : Width.W;
        Address aligned = address.fact.isFrameSlot()
                ? address
                : new Address(
                        address.register, Fact.ALIGNED_POINTER.plus(Fact.number(-address.offset)), address.offset);
        load(old, aligned, width, false);
        String value = switch (atomic.op()) {
            case ADD -> out.wide("add.u64", old, operand);
            case OR -> out.wide("or.b64", old, operand);
            case AND -> out.wide("and.b64", old, operand);
            case XOR -> out.wide("xor.b64", old, operand);
            case XCHG -> operand;
            case CMPXCHG -> {
                String expected = out.wide();
                extend(expected, "%r0", width, false);
                yield out.wide("selp.b64", operand, old, out.predicate("setp.eq.u64", old, expected));
            }
        };
        store(aligned, value, width);
    }

    /** What fetches orders all that is before it and after it, as in Linux; what does not orders nothing. */
    private void shared(Instruction.Atomic atomic, Address address, String operand, String old) {
        String name = switch (atomic.op()) {
            case ADD -> ".add.u";
            case OR -> ".or.b";
            case AND -> ".and.b";
            case XOR -> ".xor.b";
            case XCHG -> ".exch.b";
            case CMPXCHG -> ".cas.b";
        };
        String form = space(address) + name + (atomic.is64() ? 64 : 32);
        String value = atomic.is64() ? operand : out.low(operand);
        String at = place(address, 0);
        if (!atomic.fetch()) {
            out.op("red.relaxed.gpu" + form, at, value);
            return;
        }
        String before = atomic.is64() ? old : out.word();
        if (atomic.op() == AtomicOp.CMPXCHG) {
            out.op("atom.acq_rel.gpu" + form, before, at, atomic.is64() ? "%r0" : out.low("%r0"), value);
        } else {
            out.op("atom.acq_rel.gpu" + form, before, at, value);
        }
        if (!atomic.is64()) {
            out.op("cvt.u64.u32", old, before);
        }
    }
}
