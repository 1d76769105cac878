package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.testkit.MachineMemory.Kind;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Registers and stack frames of a {@link CheckedMachine}. */
public final class MachineState {
    /** Bytes of a stack frame. */
    static final int FRAME = 512;

    private final @Nullable MachineValue[] registers = new @Nullable MachineValue[Register.COUNT];
    private final List<MachineMemory> frames = new ArrayList<>();
    private final List<@Nullable MachineValue[]> saved = new ArrayList<>();
    private final List<MachineMemory> held = new ArrayList<>();

    /** The start of a program: r1 is there, and r2 where there is one, and r10. */
    MachineState(MachineValue r1, @Nullable MachineValue r2) {
        registers[1] = r1;
        registers[2] = r2;
        enterFrame();
    }

    private void enterFrame() {
        MachineMemory frame = new MachineMemory(Kind.STACK, frames.size(), FRAME);
        frames.add(frame);
        registers[10] = new Ptr(frame, FRAME, 0);
    }

    /** What a register holds, or null when it was not written. */
    public @Nullable MachineValue register(int number) {
        return registers[number];
    }

    /** A live stack frame, the program's own being number 0. */
    public MachineMemory frame(int number) {
        return frames.get(number);
    }

    /** The number of the frame that runs. */
    public int depth() {
        return frames.size() - 1;
    }

    /** Records that are reserved and not released. */
    public List<MachineMemory> held() {
        return held;
    }

    void enterFunction() {
        saved.add(registers.clone());
        Arrays.fill(registers, 6, 10, null);
        registers[0] = null;
        enterFrame();
    }

    void leaveFunction() {
        MachineMemory gone = frames.removeLast();
        @Nullable MachineValue[] caller = saved.removeLast();
        if (registers[0] instanceof Ptr p && p.memory() == gone) {
            throw new MachineFault("a pointer into a dead frame is returned");
        }
        forgetArguments();
        System.arraycopy(caller, 6, registers, 6, 5);
        // A pointer into the dead frame that stays behind must never be used.
        for (MachineMemory frame : frames) {
            frame.forgetPointersInto(gone);
        }
    }

    void forgetArguments() {
        Arrays.fill(registers, 1, 6, null);
    }

    void set(Register register, long value) {
        set(register, new Num(value));
    }

    void set(Register register, MachineValue value) {
        registers[register.number()] = value;
    }

    MachineValue value(Operand operand) {
        return switch (operand) {
            case Immediate i -> new Num(i.value());
            case Register r -> {
                MachineValue value = registers[r.number()];
                if (value == null) {
                    throw new MachineFault(r + " is read uninitialised");
                }
                yield value;
            }
        };
    }

    long number(Operand operand) {
        if (value(operand) instanceof Num n) {
            return n.value();
        }
        throw new MachineFault(operand + " is used as a number");
    }

    Ptr pointer(Register register) {
        if (value(register) instanceof Ptr p) {
            return p;
        }
        throw new MachineFault(register + " is dereferenced");
    }
}
