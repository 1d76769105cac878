package dev.gbpf.host.image;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.ProgramTier;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Certificate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A verified policy with its programs bound to maps, ready to run. It never changes; activating it publishes it as a whole.
 */
public final class PolicyImage {
    private final String name;
    private final String tag;
    /** By decision thread and hook. */
    private final @Nullable ExecutableProgram[][] programs;

    private final List<ProgramObject> devicePrograms;
    private final Map<Hook, Certificate> certificates = new EnumMap<>(Hook.class);
    private final List<BpfMap> maps;
    private final MapUse mapUse;
    private final MapChanges mapChanges;
    private final Runnable onMigration;
    private final Runnable onActivated;
    private final Runnable onLeft;

    /** Whose maps an image runs on. */
    public enum MapUse {
        /** Those of the policy, which it goes on with. */
        SHARED,
        /** Copies of its own, which become the policy's when the image is promoted. */
        COPIED
    }

    /**
     * What becomes of the maps when the image is activated.
     *
     * @param kept names of maps that it shares with an earlier activation of the same policy
     * @param fresh names of maps that start empty
     * @param migrated names of maps of the earlier activation whose contents a program of the image takes over
     * @param dropped names of maps of the earlier activation that it does not continue
     * @param lost in words, the contents that go with them, as far as they are anybody's to lose
     */
    public record MapChanges(
            List<String> kept, List<String> fresh, List<String> migrated, List<String> dropped, List<String> lost) {
        /** No maps at all. */
        public static final MapChanges NONE = new MapChanges(List.of(), List.of(), List.of(), List.of(), List.of());

        public MapChanges {
            kept = List.copyOf(kept);
            fresh = List.copyOf(fresh);
            migrated = List.copyOf(migrated);
            dropped = List.copyOf(dropped);
            lost = List.copyOf(lost);
        }

        /** What becomes of the same maps when the image comes back: it goes on with all that it had. */
        public MapChanges onReturn() {
            return new MapChanges(
                    Stream.concat(kept.stream(), fresh.stream()).toList(), List.of(), List.of(), List.of(), List.of());
        }
    }

    /**
     * An image.
     *
     * @param name the policy's name
     * @param tag hash of its behaviour, hexadecimal
     * @param programs by decision thread: the programs of the host hooks that it implements
     * @param devicePrograms those of its device hooks
     * @param certificates what its programs cost at most, host and device hooks
     * @param maps the maps that its programs use
     * @param mapUse whose maps it runs on
     * @param mapChanges what becomes of the maps
     * @param onMigration run before {@code migrate}: copies what the earlier version's maps hold
     * @param onActivated run when the plane has decided to activate it, each time it does; throws {@link IllegalStateException} when the maps
     *     have changed since the image was made
     * @param onLeft run once no decision of the image can be under way, or when it is discarded
     */
    public PolicyImage(
            String name,
            String tag,
            List<Map<Hook, ExecutableProgram>> programs,
            List<ProgramObject> devicePrograms,
            List<Certificate> certificates,
            List<? extends BpfMap> maps,
            MapUse mapUse,
            MapChanges mapChanges,
            Runnable onMigration,
            Runnable onActivated,
            Runnable onLeft) {
        this.name = name;
        this.tag = tag;
        this.programs = new ExecutableProgram[programs.size()][Hook.values().length];
        for (int cpu = 0; cpu < programs.size(); cpu++) {
            for (Map.Entry<Hook, ExecutableProgram> own : programs.get(cpu).entrySet()) {
                this.programs[cpu][own.getKey().ordinal()] = own.getValue();
            }
        }
        this.devicePrograms = List.copyOf(devicePrograms);
        certificates.forEach(c -> c.hook().ifPresent(hook -> this.certificates.put(hook, c)));
        this.maps = List.copyOf(maps);
        this.mapUse = mapUse;
        this.mapChanges = mapChanges;
        this.onMigration = onMigration;
        this.onActivated = onActivated;
        this.onLeft = onLeft;
    }

    public String name() {
        return name;
    }

    /** Hash of its behaviour, hexadecimal. */
    public String tag() {
        return tag;
    }

    /** The program of a host hook for decision thread 0, or null when the policy leaves the hook out. */
    public @Nullable ExecutableProgram program(Hook hook) {
        return program(hook, 0);
    }

    /**
     * The program of a host hook for one decision thread, or null when the policy leaves the hook out. Threads may run theirs at the
     * same time; one thread runs one program of an image at a time.
     *
     * @param cpu number of the thread
     * @throws IndexOutOfBoundsException when the image was made for fewer threads
     */
    public @Nullable ExecutableProgram program(Hook hook, int cpu) {
        return programs[cpu][hook.ordinal()];
    }

    /** What runs the program of each host hook that it implements, on decision thread 0; any thread may ask. */
    public Map<Hook, ProgramTier> tiers() {
        Map<Hook, ProgramTier> tiers = new EnumMap<>(Hook.class);
        for (Hook hook : Hook.values()) {
            ExecutableProgram program = program(hook);
            if (program != null) {
                tiers.put(hook, program.tier());
            }
        }
        return tiers;
    }

    /** The verified programs of its device hooks: the host plane does not run them, a device plane does. */
    public List<ProgramObject> devicePrograms() {
        return devicePrograms;
    }

    /** What each of its hooks costs at most, as the verifier proved it when the image was made; an unmodifiable map. */
    public Map<Hook, Certificate> certificates() {
        return Collections.unmodifiableMap(certificates);
    }

    /** The maps that its programs use. */
    public List<BpfMap> maps() {
        return maps;
    }

    public MapUse mapUse() {
        return mapUse;
    }

    public MapChanges mapChanges() {
        return mapChanges;
    }

    /** Called by the plane just before it runs {@code migrate}. */
    public void fillOldMaps() {
        onMigration.run();
    }

    /**
     * Called by the plane just before the image becomes the one that decides.
     *
     * @throws IllegalStateException when the policy's maps have changed since the image was made: it must be loaded again
     */
    public void activated() {
        onActivated.run();
    }

    /** Called by the plane when the image has left, its {@code exit} has run, and it will not come back. */
    public void left() {
        onLeft.run();
    }

    /** Frees an image that was never activated, or whose activation was refused. */
    public void discard() {
        onLeft.run();
    }

    @Override
    public String toString() {
        return name + "@" + tag;
    }
}
