package dev.gbpf.verifier.assertion;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.assertion.Assertion.AccessKind;
import dev.gbpf.verifier.assertion.Assertion.AllReleased;
import dev.gbpf.verifier.assertion.Assertion.Initialised;
import dev.gbpf.verifier.assertion.Assertion.IsNumber;
import dev.gbpf.verifier.assertion.Assertion.NarrowDivision;
import dev.gbpf.verifier.assertion.Assertion.ReleasedBefore;
import dev.gbpf.verifier.assertion.Assertion.ValidAccess;
import dev.gbpf.verifier.assertion.Assertion.ValidArgument;
import dev.gbpf.verifier.assertion.Assertion.ValidArithmetic;
import dev.gbpf.verifier.assertion.Assertion.ValidComparison;
import dev.gbpf.verifier.assertion.Assertion.ValidReturn;
import dev.gbpf.verifier.assertion.Assertion.ValidStore;
import dev.gbpf.verifier.assertion.Assertion.ValidVerdict;
import java.util.ArrayList;
import java.util.List;

/** What must hold before each instruction. */
public final class AssertionExtractor {
    private final VerdictSpec verdict;
    private final boolean wideDivision;

    /**
     * An extractor for programs of one kind.
     *
     * @param verdict what the program may return
     * @param wideDivision whether it may divide numbers that 32 bits do not hold
     */
    public AssertionExtractor(VerdictSpec verdict, boolean wideDivision) {
        this.verdict = verdict;
        this.wideDivision = wideDivision;
    }

    /**
     * The assertions of an instruction, in the order in which they are worth reporting.
     *
     * @param depth frames below the one that runs it; exit of the program itself, depth 0, gives a verdict
     */
    public List<Assertion> extract(Instruction instruction, int depth) {
        return switch (instruction) {
            case Instruction.Alu i -> arithmetic(i);
            case Instruction.Mov i -> move(i);
            case Instruction.Neg i -> List.of(new IsNumber(i.dst(), "to be negated"));
            case Instruction.ByteSwap i -> List.of(new IsNumber(i.dst(), "to swap its bytes"));
            case Instruction.LoadImm64 i -> List.of();
            case Instruction.LoadPseudo i -> List.of();
            case Instruction.Load i -> List.of(new ValidAccess(i.base(), i.offset(), i.width(), AccessKind.READ));
            case Instruction.Store i -> store(i);
            case Instruction.Atomic i -> atomic(i);
            case Instruction.Jump i -> List.of();
            case Instruction.CondJump i -> List.of(new ValidComparison(i.op(), i.is64(), i.left(), i.right()));
            case Instruction.CallHelper i -> call(i);
            case Instruction.CallLocal i -> List.of();
            case Instruction.CallBtf i -> List.of();
            case Instruction.CallRegister i -> List.of();
            case Instruction.Exit i ->
                depth == 0 ? List.of(new AllReleased(), new ValidVerdict(verdict)) : List.of(new ValidReturn());
        };
    }

    private List<Assertion> arithmetic(Instruction.Alu i) {
        ValidArithmetic valid = new ValidArithmetic(i.op(), i.is64(), i.dst(), i.src());
        boolean divides = switch (i.op()) {
            case DIV, MOD, SDIV, SMOD -> true;
            case ADD, SUB, MUL, OR, AND, LSH, RSH, XOR, ARSH -> false;
        };
        return divides && i.is64() && !wideDivision
                ? List.of(valid, new NarrowDivision(i.op(), i.dst(), i.src()))
                : List.of(valid);
    }

    private static List<Assertion> move(Instruction.Mov i) {
        if (!(i.src() instanceof Register source)) {
            return List.of();
        }
        boolean whole = i.is64() && i.signBits() == 0;
        return List.of(whole ? new Initialised(source) : new IsNumber(source, "to be copied in part"));
    }

    private static List<Assertion> store(Instruction.Store i) {
        ValidAccess access = new ValidAccess(i.base(), i.offset(), i.width(), AccessKind.WRITE);
        return i.src() instanceof Register source
                ? List.of(access, new ValidStore(i.base(), i.offset(), i.width(), source))
                : List.of(access);
    }

    private static List<Assertion> atomic(Instruction.Atomic i) {
        List<Assertion> assertions = new ArrayList<>();
        AccessKind kind = i.op() == AtomicOp.ADD && !i.fetch() ? AccessKind.ADD : AccessKind.ATOMIC;
        assertions.add(new ValidAccess(i.base(), i.offset(), i.is64() ? Width.DW : Width.W, kind));
        assertions.add(new IsNumber(i.src(), "for an atomic operation"));
        if (i.op() == AtomicOp.CMPXCHG) {
            assertions.add(new IsNumber(Register.R0, "to compare with"));
        }
        return assertions;
    }

    private static List<Assertion> call(Instruction.CallHelper i) {
        return Helper.byId(i.id())
                .map(helper -> {
                    List<Assertion> assertions = new ArrayList<>();
                    for (int k = 0; k < helper.arguments().size(); k++) {
                        assertions.add(new ValidArgument(helper, k));
                    }
                    if (helper.acquires()) {
                        assertions.add(new ReleasedBefore(helper));
                    }
                    return assertions;
                })
                .orElse(List.of());
    }
}
