package dev.gbpf.host.image;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.engine.CodeCache.CodeKey;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.map.HashTableMap;
import dev.gbpf.host.map.MapBinding;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.memory.MemoryPool;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Turns policy objects into images: verify, plan the maps, make the programs runnable on each decision thread that the maps know.
 * Nothing else sees it until activation.
 */
public final class ImageLoader {
    private final MapRegistry maps;
    private final ProgramLinker linker;
    private final Verifier verifier = new Verifier();

    /** A loader whose images run in {@link Engine#AUTO}. */
    public ImageLoader(MapRegistry maps) {
        this(maps, new ProgramLinker(Engine.AUTO));
    }

    /** A loader whose images run in the engine of {@code linker}. */
    public ImageLoader(MapRegistry maps, ProgramLinker linker) {
        this.maps = maps;
        this.linker = linker;
    }

    /**
     * Loads a policy. One that was compiled for an interface version that this build does not run is rejected.
     *
     * @throws IllegalArgumentException when a map would be too large
     */
    public LoadResult load(PolicyObject object) {
        return load(object, MapUse.SHARED);
    }

    /**
     * Loads a policy for a trial or to decide at once.
     *
     * @param use {@link MapUse#COPIED} for a trial
     * @throws IllegalArgumentException when a map would be too large
     */
    public LoadResult load(PolicyObject object, MapUse use) {
        return switch (verifier.verify(object)) {
            case VerificationResult.Rejected rejected -> new LoadResult.Rejected(rejected.diagnostics());
            case VerificationResult.Accepted accepted -> new LoadResult.Loaded(image(object, accepted, use));
        };
    }

    /**
     * Makes an image of a policy that was verified before.
     *
     * @param accepted what the verifier said of this very object
     * @param use {@link MapUse#COPIED} for a trial
     * @throws IllegalArgumentException when a map would be too large, or the certificates are those of another object
     */
    public PolicyImage image(PolicyObject object, VerificationResult.Accepted accepted, MapUse use) {
        List<Certificate> certificates = accepted.certificates();
        if (certificates.size() != object.programs().size()) {
            throw new IllegalArgumentException(certificates.size() + " certificates for the "
                    + object.programs().size() + " programs of " + object.name());
        }
        boolean migrates = object.program(Hook.MIGRATE).isPresent();
        MapBinding binding = maps.plan(object.name(), object.maps(), use == MapUse.COPIED, migrates);
        Arena arena = MemoryPool.shared().arena();
        ObjectHash hash = ObjectHash.of(object);
        List<ProgramObject> host = object.programs().stream()
                .filter(p -> p.hook().plane() == Plane.HOST)
                .sorted(Comparator.comparingInt(p -> p.hook().id()))
                .toList();
        boolean keepsAddresses = binding.maps().stream().anyMatch(HashTableMap.class::isInstance);
        List<Map<Hook, ExecutableProgram>> programs = new ArrayList<>();
        for (int cpu = 0; cpu < maps.epochs().cpus(); cpu++) {
            List<ExecutableProgram> linked = linker.link(
                    new CodeKey(hash, CodeCache.Target.HOST_JVM),
                    host.stream().map(ProgramObject::program).toList(),
                    binding.maps(),
                    arena,
                    cpu);
            Map<Hook, ExecutableProgram> own = new EnumMap<>(Hook.class);
            for (int i = 0; i < host.size(); i++) {
                ExecutableProgram program = linked.get(i);
                own.put(host.get(i).hook(), keepsAddresses ? new EpochProgram(program, maps.epochs(), cpu) : program);
            }
            programs.add(own);
        }
        return new PolicyImage(
                object.name(),
                hash.tag(),
                programs,
                DeviceHooks.of(object),
                certificates,
                binding.maps(),
                use,
                new PolicyImage.MapChanges(
                        binding.kept(), binding.fresh(), binding.migrated(), binding.dropped(), binding.lost()),
                binding::fillOldMaps,
                binding::commit,
                () -> {
                    binding.release();
                    arena.close();
                });
    }
}
