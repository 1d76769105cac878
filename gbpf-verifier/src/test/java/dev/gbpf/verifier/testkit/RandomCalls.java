package dev.gbpf.verifier.testkit;

import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import java.util.ArrayList;
import java.util.List;

/** Random functions, and calls of them and of helpers. */
final class RandomCalls {
    private final CodeWriter code;
    private final List<String> functions = new ArrayList<>();

    RandomCalls(CodeWriter code) {
        this.code = code;
    }

    /** Writes the functions that were called. */
    void functions() {
        for (int i = 0; i < functions.size() && i < 3; i++) {
            code.add(label(functions.get(i)));
            function();
        }
        // Names that were called but not written are not left dangling.
        for (int i = 3; i < functions.size(); i++) {
            code.add(label(functions.get(i)));
            code.add(mov(Register.R0, i));
            code.add(exit());
        }
    }

    private void function() {
        // Arguments: r1 a stack address of the caller, r2 and r3 numbers.
        code.add(mov(Register.R7, Register.R2));
        code.add(mov(Register.R8, Register.R3));
        code.add(alu(code.pick(AluOp.values()), Register.R7, Register.R8));
        if (code.random.nextBoolean()) {
            code.add(store(Width.DW, Register.R1, 0, Register.R7));
        }
        if (code.random.nextBoolean()) {
            code.add(store(Width.DW, Register.R10, -8, Register.R8));
            code.add(load(Width.W, Register.R7, Register.R10, -8));
        }
        code.add(mov(Register.R0, Register.R7));
        code.add(exit());
    }

    void helper() {
        Helper helper = code.portable
                ? code.pick(new Helper[] {Helper.KTIME_GET_NS, Helper.GET_PRANDOM_U32})
                : code.pick(new Helper[] {
                    Helper.KTIME_GET_NS,
                    Helper.GET_PRANDOM_U32,
                    Helper.DSQ_LEN,
                    Helper.DSQ_CREATE,
                    Helper.TENANT_INFLIGHT,
                    Helper.LOG
                });
        code.add(mov(Register.R1, code.number()));
        code.add(mov(Register.R2, code.number()));
        code.add(call(helper));
        code.reinitialise();
    }

    void callFunction() {
        String name = functions.size() >= 3 || (!functions.isEmpty() && code.random.nextBoolean())
                ? functions.get(code.random.nextInt(functions.size()))
                : "f" + functions.size();
        if (!functions.contains(name)) {
            functions.add(name);
        }
        code.add(mov(Register.R2, code.number()));
        code.add(mov(Register.R3, code.number()));
        code.add(mov(Register.R1, Register.R10));
        code.add(Code.add(Register.R1, code.local()));
        code.add(call(name));
        code.reinitialise();
    }
}
