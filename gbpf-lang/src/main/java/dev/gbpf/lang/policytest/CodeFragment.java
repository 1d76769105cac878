package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.object.PolicyObject;
import java.util.List;

/**
 * A program that does one step of a test. It is compiled like any policy, and must be verified like one. Its maps are those
 * of the tested policy, in their order, and then the array of values: element {@link #STATUS} is 0 when all went well, n when
 * the n-th demand was not met; the others hold operands and the test's variables.
 *
 * @param object a policy of one program, of the hook {@link FragmentAnalyzer#HOOK}
 * @param demands what the step takes for granted, such as that an entry is there
 */
public record CodeFragment(PolicyObject object, List<Demand> demands) {
    /** The element that tells how the step ended. */
    public static final int STATUS = 0;
    /** The first element for operands. */
    public static final int FIRST_OPERAND = 1;
    /** The first element for variables of the test. */
    public static final int FIRST_VARIABLE = 1024;
    /** Elements in all. */
    public static final int CAPACITY = FragmentAnalyzer.CAPACITY;

    public CodeFragment {
        demands = List.copyOf(demands);
    }

    /**
     * Something that a step takes for granted.
     *
     * @param code what to call it when it does not hold
     * @param message what is wrong then
     * @param span where it is asked for
     */
    public record Demand(ErrorCode code, String message, SourceSpan span) {}
}
