package dev.gbpf.verifier.lanes;

import dev.gbpf.isa.Register;
import dev.gbpf.verifier.assertion.Violation.Reason;
import java.util.List;

/**
 * A branch at which lanes of a warp that come there together may part.
 *
 * @param index of the jump in the program
 * @param operand a register of it that may differ between lanes
 * @param isFirst whether it differs by the data alone, not because lanes had parted before
 * @param reasons from the branch back to where the difference comes from
 */
public record Divergence(int index, Register operand, boolean isFirst, List<Reason> reasons) {
    public Divergence {
        reasons = List.copyOf(reasons);
    }
}
