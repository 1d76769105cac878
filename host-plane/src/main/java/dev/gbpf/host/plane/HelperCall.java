package dev.gbpf.host.plane;

import dev.gbpf.abi.Helper;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A call that a program made.
 *
 * @param arguments numbers, in order
 * @param result what the program found in {@code r0}
 */
public record HelperCall(Helper helper, List<Long> arguments, long result) {
    public HelperCall {
        arguments = List.copyOf(arguments);
    }

    /** As the policy language writes it. */
    @Override
    public String toString() {
        return arguments.stream()
                .map(Long::toUnsignedString)
                .collect(Collectors.joining(", ", helper.symbol() + "(", ")"));
    }
}
