package dev.gbpf.host.image;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import java.util.Optional;

/** The programs of a policy that a device plane runs. The host plane verifies them, and keeps them for it. */
public final class DeviceHooks {
    private DeviceHooks() {}

    /** The programs, in the order of the object. */
    public static List<ProgramObject> of(PolicyObject policy) {
        return policy.programs().stream()
                .filter(p -> p.hook().plane() == Plane.DEVICE)
                .toList();
    }

    /** What whoever loads the policy for a device without a control kernel should know; nothing when it has no such hook. */
    public static Optional<String> note(PolicyObject policy) {
        List<String> hooks =
                of(policy).stream().map(ProgramObject::hook).map(Hook::symbol).toList();
        if (hooks.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(String.join(", ", hooks)
                + (hooks.size() == 1 ? " is a device hook: kept" : " are device hooks: kept")
                + " for a device plane with a control kernel, and not run by the simulated device");
    }
}
