package dev.gbpf.asm;

import dev.gbpf.asm.AssemblyParser.Address;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.asm.TokenStream.Range;
import dev.gbpf.asm.TokenStream.RegisterName;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Alu;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.ByteSwap;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Instruction.Neg;
import dev.gbpf.isa.Instruction.Store;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import org.jspecify.annotations.Nullable;

/**
 * Parses instructions in the mnemonic style: {@code add32 %r1, 5}, {@code ldxw %r0, [%r1+4]}, {@code jne %r1, 0, out}. The
 * word says the width, so all registers are written {@code r}; an immediate is the 32-bit field of the instruction, so that
 * {@code 0xffffffff} and {@code -1} are the same.
 */
final class MnemonicParser {
    private final TokenStream in;
    private @Nullable Token target;

    MnemonicParser(TokenStream in) {
        this.in = in;
    }

    /** The label that the instruction parsed last names, or null. */
    @Nullable
    Token target() {
        return target;
    }

    /** The instruction that begins with a mnemonic. */
    Instruction instruction(Mnemonics.Form form) {
        in.take();
        return switch (form) {
            case Mnemonics.Arithmetic(var op, var is64) -> new Alu(op, is64, destination(), operand());
            case Mnemonics.Move(var bits, var is64) ->
                new Mov(is64, bits, destination(), bits == 0 ? operand() : register());
            case Mnemonics.Negation(var is64) -> new Neg(is64, register());
            case Mnemonics.Swap(var kind, var bits) -> new ByteSwap(kind, bits, register());
            case Mnemonics.Condition(var op, var is64) -> {
                Register left = destination();
                Operand right = operand();
                in.expect(",");
                yield new CondJump(op, is64, left, right, (short) jumpTarget(Range.SIGNED_16));
            }
            case Mnemonics.Always(var isLong) ->
                new Jump(jumpTarget(isLong ? Range.SIGNED_32 : Range.SIGNED_16), isLong);
            case Mnemonics.MemoryLoad(var width, var signExtend) -> {
                Register dst = destination();
                Address address = address();
                yield new Load(width, signExtend, dst, address.base(), address.offset());
            }
            case Mnemonics.MemoryStore(var width, var ofRegister) -> {
                Address address = address();
                in.expect(",");
                Operand src = ofRegister ? register() : immediate();
                yield new Store(width, address.base(), address.offset(), src);
            }
            case Mnemonics.WideLoad() -> wideLoad();
        };
    }

    /** What follows {@code lock}: {@code fetch add32 [%r1+4], %r2}. */
    Instruction lock() {
        boolean fetch = in.accept("fetch");
        Token word = in.peek();
        Mnemonics.Atomicity found = Mnemonics.atomic(word.text());
        if (found == null) {
            throw in.unexpected("an atomic operation (add, or, and, xor, xchg or cmpxchg)")
                    .withHelp(Suggestion.closest(word.text(), Mnemonics.atomicWords())
                            .map(n -> "did you mean '" + n + "'?")
                            .orElse("'lock add [r1+8], r2' adds 64 bits, 'lock add32' 32 bits"));
        }
        in.take();
        boolean always = Operators.alwaysFetches(found.op());
        if (fetch && always) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    word,
                    word.inWords() + " gives the old value by itself",
                    "without 'fetch'",
                    "leave 'fetch' out");
        }
        Address address = address();
        in.expect(",");
        return new Atomic(found.op(), found.is64(), fetch || always, address.base(), address.offset(), register());
    }

    private Instruction wideLoad() {
        Register dst = destination();
        if (in.peek().kind() == Kind.WORD && !in.atNamedNumber()) {
            return new PseudoParser(in).load(dst);
        }
        return new LoadImm64(dst, in.number(Range.BITS_64, "the immediate has 64 bits"));
    }

    private Register destination() {
        Register dst = register();
        in.expect(",");
        return dst;
    }

    private Register register() {
        RegisterName name = in.register();
        if (!name.is64()) {
            throw new AssemblyException(
                    AssemblyProblem.OPERANDS,
                    name.token(),
                    "the mnemonic says the width, not the register",
                    "expected r" + name.register().number(),
                    null);
        }
        return name.register();
    }

    private Operand operand() {
        return in.atRegister() ? register() : immediate();
    }

    /** A 32-bit field, or a 64-bit number that is the extension of one. */
    private Immediate immediate() {
        Token token = in.peek();
        long value = in.number(Range.BITS_64, "the immediate has 32 bits");
        if (value != (int) value && value >>> 32 != 0) {
            throw new AssemblyException(
                    AssemblyProblem.RANGE,
                    token,
                    token.text() + " does not fit here",
                    "expected 32 bits",
                    "load it with 'lddw'");
        }
        return new Immediate((int) value);
    }

    /** {@code [r1+4]}, {@code [r1]}. */
    private Address address() {
        in.expect("[");
        Register base = register();
        int offset = in.peek().is("]")
                ? 0
                : (int) in.number(Range.SIGNED_16, "offsets have 16 bits; add to the register first");
        in.expect("]");
        return new Address(base, (short) offset);
    }

    private int jumpTarget(Range range) {
        if (in.peek().kind() == Kind.WORD) {
            target = in.take();
            return 0;
        }
        return (int) in.number(range, "the offset has 16 bits; jump over a 'ja32', which has 32");
    }
}
