package dev.gbpf.cuda.ptx;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import org.jspecify.annotations.Nullable;

/** What is known at one place of a program: of its registers, and of the slots of its frame. */
final class FactState {
    private final @Nullable Fact[] facts;

    private FactState(@Nullable Fact[] facts) {
        this.facts = facts;
    }

    /** A state in which nobody has set anything. */
    static FactState empty(int slots) {
        return new FactState(new Fact[Register.COUNT + slots]);
    }

    FactState copy() {
        return new FactState(facts.clone());
    }

    private static Fact known(@Nullable Fact fact) {
        return fact == null ? Fact.UNKNOWN : fact;
    }

    Fact get(Register register) {
        return known(facts[register.number()]);
    }

    Fact get(Operand operand) {
        return switch (operand) {
            case Register register -> get(register);
            case Immediate imm -> Fact.number(imm.value());
        };
    }

    void set(Register register, Fact fact) {
        facts[register.number()] = fact;
    }

    Fact slot(int number) {
        return known(facts[Register.COUNT + number]);
    }

    void setSlot(int number, Fact fact) {
        facts[Register.COUNT + number] = fact;
    }

    /** A call was made: nobody reads its arguments any more. */
    void clobberArguments() {
        for (int r = Register.R1.number(); r < Register.R6.number(); r++) {
            facts[r] = null;
        }
    }

    /** Takes in what may hold instead; whether that changed it. */
    boolean join(FactState other) {
        boolean changed = false;
        for (int i = 0; i < facts.length; i++) {
            Fact joined = Fact.join(facts[i], other.facts[i]);
            changed |= joined != null && !joined.equals(facts[i]);
            facts[i] = joined;
        }
        return changed;
    }
}
