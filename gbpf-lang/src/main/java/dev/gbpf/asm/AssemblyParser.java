package dev.gbpf.asm;

import dev.gbpf.asm.Token.Kind;
import dev.gbpf.asm.TokenStream.Range;
import dev.gbpf.asm.TokenStream.RegisterName;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CallRegister;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Instruction.Store;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses one instruction by recursive descent; the first token decides which kind of statement it is. */
final class AssemblyParser {
    static final String SIGN_EXTENSION_HELP =
            "the immediate is sign-extended to 64 bits; write the negative number, or load it with 'll'";

    private final TokenStream in;

    AssemblyParser(TokenStream in) {
        this.in = in;
    }

    /**
     * The instruction that the tokens are.
     *
     * @throws AssemblyException when they are none
     */
    Statement instruction() {
        Token first = in.peek();
        Statement statement = statement(first);
        in.expectEnd();
        return new Statement(statement.instruction(), statement.target(), first, in.last());
    }

    private Statement statement(Token first) {
        if (in.atRegister()) {
            return plain(new AssignmentParser(in).assignment());
        }
        return switch (first.text()) {
            case "exit" -> {
                in.take();
                yield plain(new Exit());
            }
            case "goto" -> {
                in.take();
                yield jump(false);
            }
            case "gotol" -> {
                in.take();
                yield jump(true);
            }
            case "if" -> {
                in.take();
                yield condition();
            }
            case "call" -> {
                in.take();
                yield call();
            }
            case "callx" -> {
                in.take();
                yield plain(new CallRegister(in.register(true)));
            }
            case "lock" -> {
                in.take();
                yield plain(lock());
            }
            case "ld_pseudo" -> {
                in.take();
                yield plain(loadPseudo());
            }
            case "*" -> plain(store());
            default -> mnemonic(first);
        };
    }

    private Statement mnemonic(Token word) {
        Mnemonics.Form form = Mnemonics.form(word.text());
        if (form == null) {
            throw in.unexpected("an instruction")
                    .withHelp(Suggestion.closest(word.text(), Mnemonics.words())
                            .map(n -> "did you mean '" + n + "'?")
                            .orElse(null));
        }
        MnemonicParser parser = new MnemonicParser(in);
        return new Statement(parser.instruction(form), parser.target(), word, in.last());
    }

    private Statement plain(Instruction instruction) {
        return new Statement(instruction, null, in.last(), in.last());
    }

    private Statement jump(boolean isLong) {
        Token label = label();
        int offset = label == null ? jumpOffset(isLong) : 0;
        return new Statement(new Jump(offset, isLong), label, in.last(), in.last());
    }

    private Statement condition() {
        RegisterName left = in.register();
        Token symbol = in.peek();
        JumpOp op = Operators.jump(symbol.text()).orElseThrow(() -> in.unexpected("a comparison"));
        in.take();
        Operand right = operand(in, left.is64());
        in.expect("goto");
        Token label = label();
        short offset = label == null ? (short) jumpOffset(false) : 0;
        CondJump jump = new CondJump(op, left.is64(), left.register(), right, offset);
        return new Statement(jump, label, in.last(), in.last());
    }

    private @Nullable Token label() {
        if (in.peek().kind() != Kind.WORD) {
            return null;
        }
        if (in.atRegister()) {
            throw in.unexpected("a label or a number of slots");
        }
        return in.take();
    }

    private int jumpOffset(boolean isLong) {
        int offset = (int) in.number(
                isLong ? Range.SIGNED_32 : Range.SIGNED_16,
                isLong ? "the program has no such place" : "jump over a 'gotol', which has 32 bits");
        // The disassembly names the target after the offset, in angle brackets.
        if (in.accept("<")) {
            while (!in.accept(">")) {
                if (in.atEnd()) {
                    throw in.unexpected("'>'");
                }
                in.take();
            }
        }
        return offset;
    }

    private Statement call() {
        Token token = in.peek();
        if (token.is("pc") && (in.peek(1).is("+") || in.peek(1).is("-"))) {
            in.take();
            return plain(new CallLocal((int) in.number(Range.SIGNED_32, "the program has no such place")));
        }
        if (token.is("btf") && in.peek(1).kind() != Kind.END) {
            in.take();
            return plain(new CallBtf((int) in.number(Range.BITS_32, "BTF ids have 32 bits")));
        }
        if (in.atRegister()) {
            return plain(new CallRegister(in.register(true)));
        }
        if (token.kind() == Kind.WORD && in.peek(1).kind() != Kind.END) {
            return mnemonicCall(token);
        }
        Token label = label();
        if (label != null) {
            return new Statement(new CallLocal(0), label, label, label);
        }
        return plain(new CallHelper((int) in.number(Range.BITS_32, "helper numbers have 32 bits")));
    }

    /** The calls of the mnemonic style: {@code call local f}, {@code call helper 1}, {@code call runtime 7}. */
    private Statement mnemonicCall(Token kind) {
        in.take();
        return switch (kind.text()) {
            case "helper" -> plain(new CallHelper((int) in.number(Range.BITS_32, "helper numbers have 32 bits")));
            case "runtime" -> plain(new CallBtf((int) in.number(Range.BITS_32, "BTF ids have 32 bits")));
            case "local" -> {
                Token label = label();
                int offset = label == null ? (int) in.number(Range.SIGNED_32, "the program has no such place") : 0;
                yield new Statement(new CallLocal(offset), label, kind, in.last());
            }
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        kind,
                        "expected helper, local or runtime, found " + kind.inWords(),
                        "no kind of call",
                        "'call map_lookup_elem' calls a helper, 'call local f' a function");
        };
    }

    private Instruction store() {
        Width width = AssignmentParser.unsignedType(in);
        Address address = address(in);
        in.expect("=");
        Operand src;
        if (in.atRegister()) {
            RegisterName name = in.register();
            if (!name.is64() && width == Width.DW) {
                throw new AssemblyException(
                        AssemblyProblem.OPERANDS,
                        name.token(),
                        "a store of 8 bytes takes a 64-bit register",
                        "expected r" + name.register().number(),
                        null);
            }
            src = name.register();
        } else {
            boolean wide = width == Width.DW;
            src = new Immediate((int) in.number(
                    wide ? Range.SIGNED_32 : Range.BITS_32, wide ? SIGN_EXTENSION_HELP : "store a register instead"));
        }
        return new Store(width, address.base(), address.offset(), src);
    }

    private Instruction lock() {
        if (!in.peek().is("*")) {
            return new MnemonicParser(in).lock();
        }
        Token star = in.peek();
        Width width = AssignmentParser.unsignedType(in);
        boolean is64 = AssignmentParser.atomicWidth(width, star);
        Address address = address(in);
        Token symbol = in.peek();
        AtomicOp op = Operators.alu(symbol.text())
                .flatMap(AssemblyParser::atomicOf)
                .orElseThrow(() -> in.unexpected("'+=', '|=', '&=' or '^='"));
        in.take();
        return new Atomic(op, is64, false, address.base(), address.offset(), atomicSource(is64));
    }

    private static Optional<AtomicOp> atomicOf(AluOp op) {
        return Operators.atomic(op.name().toLowerCase(Locale.ROOT));
    }

    /** The source of an atomic operation; LLVM also reads {@code r} for the 32-bit ones. */
    private Register atomicSource(boolean is64) {
        return is64 ? in.register(true) : in.register().register();
    }

    /** LLVM's form of the 64-bit loads: {@code ld_pseudo r1, source, imm}. */
    private Instruction loadPseudo() {
        Register dst = in.register(true);
        in.expect(",");
        Token token = in.peek();
        int source = (int) in.number(Range.BITS_32, "the sources are 0 to 6");
        in.expect(",");
        int imm = (int) in.number(Range.BITS_32, "the immediate has 32 bits");
        if (source == 0) {
            return new LoadImm64(dst, imm & 0xffff_ffffL);
        }
        for (PseudoKind kind : PseudoKind.values()) {
            if (kind.source() == source) {
                return new LoadPseudo(kind, dst, imm, 0);
            }
        }
        throw new AssemblyException(
                AssemblyProblem.RANGE, token, "source " + source + " means nothing", "expected 0 to 6", null);
    }

    /** A register of the given form, or an immediate. */
    static Operand operand(TokenStream in, boolean is64) {
        if (in.atRegister()) {
            return in.register(is64);
        }
        return new Immediate((int) in.number(
                is64 ? Range.SIGNED_32 : Range.BITS_32, is64 ? SIGN_EXTENSION_HELP : "the immediate has 32 bits"));
    }

    /** A base register and an offset. */
    record Address(Register base, short offset) {}

    /** {@code (r1 + 4)}. */
    static Address address(TokenStream in) {
        in.expect("(");
        Address address = bareAddress(in);
        in.expect(")");
        return address;
    }

    /** {@code r1 + 4}. */
    static Address bareAddress(TokenStream in) {
        Register base = in.register(true);
        if (!in.peek().is("+") && !in.peek().is("-")) {
            throw in.unexpected("'+' or '-' and an offset");
        }
        return new Address(base, (short) in.number(Range.SIGNED_16, "offsets have 16 bits; add to the register first"));
    }
}
