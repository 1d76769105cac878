package dev.gbpf.cuda.table;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a device runs of a policy.
 *
 * @param name the policy's name, to which its maps belong
 * @param programs at most one for each hook; hooks without one are left to the built-in fair policy
 * @param maps all maps of the policy; programs refer to them by index
 * @param shared the host's maps of those that it shares with the device; without one a snapshot stays zero, and counters are the device's own
 */
public record DevicePolicy(String name, List<DeviceProgram> programs, List<MapDefinition> maps, List<BpfMap> shared) {
    /** No program: the built-in fair policy decides. */
    public static final DevicePolicy FAIR = new DevicePolicy("", List.of(), List.of());

    public DevicePolicy {
        programs = List.copyOf(programs);
        maps = List.copyOf(maps);
        shared = List.copyOf(shared);
        if (programs.stream().map(DeviceProgram::hook).distinct().count() != programs.size()) {
            throw new IllegalArgumentException("policy " + name + " has several programs for one hook");
        }
    }

    /** What a device runs of a policy without a host's side. */
    public DevicePolicy(String name, List<DeviceProgram> programs, List<MapDefinition> maps) {
        this(name, programs, maps, List.of());
    }

    /** The same with the host's maps of those that it shares with the device. */
    public DevicePolicy withShared(List<? extends BpfMap> hostMaps) {
        return new DevicePolicy(name, programs, maps, List.copyOf(hostMaps));
    }

    /** The host's map for one of the policy, if it has one. */
    Optional<BpfMap> shared(MapDefinition map) {
        return shared.stream().filter(s -> map.shares(s.definition())).findFirst();
    }

    /**
     * What a device runs of a verified policy.
     *
     * @param accepted what the verifier said of this very object
     */
    public static DevicePolicy of(PolicyObject policy, VerificationResult.Accepted accepted) {
        Map<Hook, Certificate> certificates = new EnumMap<>(Hook.class);
        accepted.certificates().forEach(c -> c.hook().ifPresent(hook -> certificates.put(hook, c)));
        List<ProgramObject> programs = policy.programs().stream()
                .filter(p -> p.hook().plane() == Plane.DEVICE)
                .toList();
        return of(policy.name(), programs, certificates, policy.maps());
    }

    /** What a device runs of an image that the host loaded, whose snapshots it reads and whose counters it adds to. */
    public static DevicePolicy of(PolicyImage image) {
        DevicePolicy policy = of(
                image.name(),
                image.devicePrograms(),
                image.certificates(),
                image.maps().stream().map(BpfMap::definition).toList());
        return policy.withShared(image.maps().stream()
                .filter(map -> map.definition().kind().isShared())
                .toList());
    }

    private static DevicePolicy of(
            String name, List<ProgramObject> programs, Map<Hook, Certificate> certificates, List<MapDefinition> maps) {
        List<DeviceProgram> ready = new ArrayList<>();
        for (ProgramObject program : programs) {
            Certificate certificate = Optional.ofNullable(certificates.get(program.hook()))
                    .orElseThrow(() -> new IllegalArgumentException("policy " + name + " has no certificate for "
                            + program.hook().symbol()));
            // Each instruction jumps at most once.
            int jumps = Math.clamp(certificate.worstCaseInstructions(), 1, Integer.MAX_VALUE);
            ready.add(new DeviceProgram(program.hook(), program.program(), jumps));
        }
        return new DevicePolicy(name, ready, maps);
    }

    /** The program of a hook. */
    public Optional<DeviceProgram> program(Hook hook) {
        return programs.stream().filter(p -> p.hook() == hook).findFirst();
    }
}
