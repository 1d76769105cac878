package dev.gbpf.verifier.assertion;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;

/** Something that must hold before an instruction runs. {@link #text} says it as messages do. */
public sealed interface Assertion {

    /** The assertion in words. */
    String text();

    /** The register has a value of one kind. */
    record Initialised(Register register) implements Assertion {
        @Override
        public String text() {
            return register + " has a value";
        }
    }

    /**
     * The register holds a number.
     *
     * @param use what for, as in "to be stored"
     */
    record IsNumber(Register register, String use) implements Assertion {
        @Override
        public String text() {
            return register + " is a number " + use;
        }
    }

    /** The operation is defined for what its operands are. */
    record ValidArithmetic(AluOp op, boolean is64, Register dst, Operand src) implements Assertion {
        @Override
        public String text() {
            return "the operation is allowed on " + dst + (src instanceof Register r ? " and " + r : "");
        }
    }

    /** Both operands of a 64-bit division or remainder are numbers that 32 bits hold, signed or not as the operation is. */
    record NarrowDivision(AluOp op, Register dst, Operand src) implements Assertion {
        @Override
        public String text() {
            return dst + " and " + src + " fit 32 bits";
        }
    }

    /** The operands can be compared so. */
    record ValidComparison(JumpOp op, boolean is64, Register left, Operand right) implements Assertion {
        @Override
        public String text() {
            return left + " can be compared with " + right;
        }
    }

    /** What an access does. */
    enum AccessKind {
        READ("readable"),
        WRITE("writable"),
        ATOMIC("open to atomic operations"),
        /** An atomic addition that gives nothing back. */
        ADD("open to atomic operations");

        private final String property;

        AccessKind(String property) {
            this.property = property;
        }

        /** Whether it is an atomic operation. */
        public boolean isAtomic() {
            return this == ATOMIC || this == ADD;
        }
    }

    /** The bytes of an access are in memory that allows it. */
    record ValidAccess(Register base, int offset, Width width, AccessKind kind) implements Assertion {
        @Override
        public String text() {
            String at = base + (offset < 0 ? " - " : " + ") + Math.abs(offset);
            return "the " + width.bytes() + (width.bytes() == 1 ? " byte at " : " bytes at ") + at
                    + (width.bytes() == 1 ? " is " : " are ") + kind.property;
        }
    }

    /** The source may be stored where the base points. */
    record ValidStore(Register base, int offset, Width width, Register source) implements Assertion {
        @Override
        public String text() {
            return source + " may be stored through " + base;
        }
    }

    /**
     * An argument is what the helper takes.
     *
     * @param position from 0
     */
    record ValidArgument(Helper helper, int position) implements Assertion {
        /** The register of the argument. */
        public Register register() {
            return Register.of(position + 1);
        }

        @Override
        public String text() {
            Helper.Argument argument = helper.arguments().get(position);
            String kind = switch (argument.kind()) {
                case SCALAR -> "a number";
                case MAP -> "a map";
                case MAP_KEY -> "memory that holds a key of the map";
                case MAP_VALUE -> "memory that holds a value of the map";
                case MEMORY -> "readable memory of the size in " + Register.of(position + 2);
                case MEMORY_SIZE -> "a number from 1 to " + ArgumentKind.MAX_MEMORY;
                case MAP_VALUE_OUT -> "writable memory for a value of the map";
                case RECORD_SIZE -> "a constant from 1 to " + ArgumentKind.MAX_RECORD;
                case RECORD -> "the start of a reserved record that was not released yet";
            };
            return register() + " (" + argument.name() + " of " + helper.symbol() + ") is " + kind;
        }
    }

    /** What was acquired here before, as in an earlier pass of a loop, has been released. */
    record ReleasedBefore(Helper helper) implements Assertion {
        @Override
        public String text() {
            return "what " + helper.symbol() + " gave here before is released";
        }
    }

    /** Everything that was acquired has been released. */
    record AllReleased() implements Assertion {
        @Override
        public String text() {
            return "every reserved record is submitted or discarded";
        }
    }

    /** r0 is a verdict of the hook. */
    record ValidVerdict(VerdictSpec spec) implements Assertion {
        @Override
        public String text() {
            return "r0 is a verdict: a number from " + spec.min() + " to " + spec.max();
        }
    }

    /** A function's result outlives it. */
    record ValidReturn() implements Assertion {
        @Override
        public String text() {
            return "r0 does not point into the frame that ends";
        }
    }
}
