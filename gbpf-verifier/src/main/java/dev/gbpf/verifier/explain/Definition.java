package dev.gbpf.verifier.explain;

import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.explain.Place.InRegister;
import dev.gbpf.verifier.explain.Place.OnStack;
import org.jspecify.annotations.Nullable;

/**
 * What last changed a place on a path: a step of the def-use chain.
 *
 * @param kind what did
 * @param position of the instruction on the path
 * @param place the place by its name there: a result is r0 in the function that gives it
 */
record Definition(Kind kind, int position, Place place) {
    /** What can change a place. */
    enum Kind {
        /** The instruction writes it. */
        WRITE,
        /** The instruction writes some of its bytes, or perhaps writes it. */
        PART,
        /** A call leaves the register without a value. */
        CLOBBER,
        /** A function begins, with only its arguments. */
        FUNCTION,
        /** The program begins. */
        ENTRY,
        /** Several ways come together at which it differs: the position is the joint. */
        JOINT
    }

    /** What changed a place before the instruction at a position runs. */
    static Definition of(AbstractPath path, Place place, int before) {
        return of(path, place, before, true);
    }

    /**
     * What changed a place before the instruction at a position runs.
     *
     * @param joins whether the joint counts, and not only what is on the way
     */
    static Definition of(AbstractPath path, Place place, int before, boolean joins) {
        Place at = place;
        for (int i = before - 1; i >= 0; i--) {
            if (joins && i + 1 == path.joint() && differs(path, at)) {
                return new Definition(Kind.JOINT, i + 1, at);
            }
            Instruction instruction = path.instruction(i);
            int frame = path.step(i).frame();
            switch (at) {
                case InRegister(Register register, int owner) -> {
                    if (frame == owner + 1 && instruction instanceof Instruction.Exit && isLast(path, i)) {
                        // The function returns to the place's own.
                        if (register == Register.R0) {
                            at = new InRegister(Register.R0, frame);
                        } else if (register.number() <= 5) {
                            return new Definition(Kind.CLOBBER, i, at);
                        }
                    } else if (frame == owner - 1) {
                        if (register.number() < 1 || register.number() > 5) {
                            return new Definition(Kind.FUNCTION, i, at);
                        }
                        at = new InRegister(register, frame);
                    } else if (frame == owner) {
                        Kind kind = kind(instruction, register);
                        if (kind != null) {
                            return new Definition(kind, i, at);
                        }
                    }
                }
                case OnStack stack -> {
                    if (frame < stack.frame()) {
                        return new Definition(Kind.FUNCTION, i, at);
                    }
                    Kind kind = kind(instruction, stack, path.step(i).before());
                    if (kind != null) {
                        return new Definition(kind, i, at);
                    }
                }
            }
        }
        return joins && path.joint() == 0 && differs(path, at)
                ? new Definition(Kind.JOINT, 0, at)
                : new Definition(Kind.ENTRY, 0, at);
    }

    /** Of a call that left a register without a value, the index of its instruction in the program. */
    int callIndex(AbstractPath path) {
        AbstractPath.Step step = path.step(position);
        return path.instruction(position) instanceof Instruction.Exit
                ? step.block().context().callIndex()
                : step.index();
    }

    private static boolean isLast(AbstractPath path, int position) {
        return path.step(position).edge() >= 0;
    }

    /** Whether what is known at the joint is not what this way alone brings there. */
    private static boolean differs(AbstractPath path, Place place) {
        EbpfState alone = path.beforeJoint();
        if (alone == null) {
            return false;
        }
        var here = place.in(path.step(path.joint()).before());
        var there = place.in(alone);
        return here != null && there != null && !ValueText.of(here).equals(ValueText.of(there));
    }

    private static @Nullable Kind kind(Instruction instruction, Register register) {
        return switch (instruction) {
            case Instruction.CallHelper _ ->
                register == Register.R0 ? Kind.WRITE : register.number() <= 5 ? Kind.CLOBBER : null;
            default -> register == written(instruction) ? Kind.WRITE : null;
        };
    }

    /** The register that an instruction gives a value, besides what calls do; or null. */
    static @Nullable Register written(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> i.dst();
            case Instruction.Mov i -> i.dst();
            case Instruction.Neg i -> i.dst();
            case Instruction.ByteSwap i -> i.dst();
            case Instruction.LoadImm64 i -> i.dst();
            case Instruction.LoadPseudo i -> i.dst();
            case Instruction.Load i -> i.dst();
            case Instruction.Atomic i -> i.fetch() ? (i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src()) : null;
            case Instruction.CallHelper _ -> Register.R0;
            case Instruction.Store _,
                    Instruction.Jump _,
                    Instruction.CondJump _,
                    Instruction.CallLocal _,
                    Instruction.CallBtf _,
                    Instruction.CallRegister _,
                    Instruction.Exit _ -> null;
        };
    }

    private static @Nullable Kind kind(Instruction instruction, OnStack place, EbpfState state) {
        Register base;
        int offset;
        int width;
        if (instruction instanceof Instruction.Store i) {
            base = i.base();
            offset = i.offset();
            width = i.width().bytes();
        } else if (instruction instanceof Instruction.Atomic i) {
            base = i.base();
            offset = i.offset();
            width = i.is64() ? 8 : 4;
        } else {
            return null;
        }
        OnStack reached = Place.reached(state, base, offset, width);
        if (reached == null || reached.frame() != place.frame() || !place.overlaps(reached.offset(), width)) {
            return null;
        }
        return reached.equals(place) && instruction instanceof Instruction.Store ? Kind.WRITE : Kind.PART;
    }
}
