package dev.gbpf.host.jit;

import dev.gbpf.isa.Register;
import java.util.Arrays;
import java.util.List;

/**
 * How a function of a program is called: a method of the generated class that takes registers, then the plane's services, and
 * gives {@code r0}.
 *
 * @param name the method's name
 * @param parameters the registers that the function reads from its caller, in order
 */
record FunctionShape(String name, List<Register> parameters) {
    FunctionShape {
        parameters = List.copyOf(parameters);
    }

    /** The shape of a function that reads these registers, as a set. */
    static FunctionShape of(String name, int registers) {
        int passed = registers & (RegisterUse.ARGUMENTS | RegisterUse.FRAME);
        return new FunctionShape(
                name,
                Arrays.stream(Register.values())
                        .filter(r -> (passed & 1 << r.number()) != 0)
                        .toList());
    }

    String descriptor() {
        return "(" + "J".repeat(parameters.size()) + ClassEmitter.SERVICES + ")J";
    }
}
