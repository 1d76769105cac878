package dev.gbpf.host.plane;

import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapOutcome;
import org.jspecify.annotations.Nullable;

/** A command about policies, with all that could be made ready for it beside the plane: see {@link PolicyPlane#prepare}. */
public final class PreparedCommand {
    private final SwapCommand command;
    private final @Nullable Side next;
    private final SwapOutcome.@Nullable Refused refusal;

    /**
     * A command.
     *
     * @param next the side that is to decide, not begun; null when that is not known before
     * @param refusal why nothing will change; null when nothing is known against it
     */
    PreparedCommand(SwapCommand command, @Nullable Side next, SwapOutcome.@Nullable Refused refusal) {
        this.command = command;
        this.next = next;
        this.refusal = refusal;
    }

    SwapCommand command() {
        return command;
    }

    @Nullable
    Side next() {
        return next;
    }

    SwapOutcome.@Nullable Refused refusal() {
        return refusal;
    }
}
