package dev.gbpf.host.image;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.host.map.MapBinding;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.Map;

/** Turns policy objects into images: verify, plan the maps, make the programs runnable. Nothing else sees it until activation. */
public final class ImageLoader {
    private final MapRegistry maps;
    private final Verifier verifier = new Verifier();

    public ImageLoader(MapRegistry maps) {
        this.maps = maps;
    }

    /**
     * Loads a policy. One that was compiled for an interface version that this build does not run is rejected.
     *
     * @throws IllegalArgumentException when a map would be too large
     */
    public LoadResult load(PolicyObject object) {
        return switch (verifier.verify(object)) {
            case VerificationResult.Rejected rejected -> new LoadResult.Rejected(rejected.diagnostics());
            case VerificationResult.Accepted accepted -> new LoadResult.Loaded(bind(object), accepted.certificates());
        };
    }

    private PolicyImage bind(PolicyObject object) {
        MapBinding binding = maps.plan(object.name(), object.maps());
        Arena arena = Arena.ofShared();
        Map<Hook, ExecutableProgram> programs = new EnumMap<>(Hook.class);
        for (ProgramObject program : object.programs()) {
            if (program.hook().plane() == Plane.HOST) {
                programs.put(program.hook(), new InterpretedProgram(program.program(), binding.maps(), arena));
            }
        }
        return new PolicyImage(
                object.name(),
                ObjectHash.of(object).tag(),
                programs,
                DeviceHooks.of(object),
                new PolicyImage.MapChanges(binding.kept(), binding.fresh(), binding.dropped()),
                binding::commit,
                () -> {
                    binding.release();
                    arena.close();
                });
    }
}
