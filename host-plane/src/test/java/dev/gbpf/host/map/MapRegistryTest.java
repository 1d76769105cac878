package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.array;
import static dev.gbpf.host.map.MapFixtures.hash;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MapRegistryTest {
    private static final byte[] VALUE = {1, 2, 3, 4, 5, 6, 7, 8};

    private static boolean isClosed(BpfMap map) {
        try {
            assertThat(map.get(0)).isNotNull();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void plan_notCommitted_changesNothing() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding first = registry.bind("p", List.of(array("a", 8, 4)));
            first.maps().get(0).put(1, VALUE, BpfMap.ANY);

            MapBinding plan = registry.plan("p", List.of(array("a", 16, 4), array("b", 8, 1)));
            assertThat(plan.fresh()).containsExactly("a", "b");
            assertThat(plan.dropped()).containsExactly("a");
            assertThat(registry.maps("p")).isEqualTo(first.maps());
            plan.release();

            assertThat(registry.maps("p")).isEqualTo(first.maps());
            assertThat(isClosed(first.maps().get(0))).isFalse();
            assertThat(plan.maps()).allMatch(MapRegistryTest::isClosed);
        }
    }

    @Test
    void commit_sameDefinition_keepsEntries() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding first = registry.bind("p", List.of(array("a", 8, 4), hash("h", 8, 8, 4)));
            first.maps().get(0).put(1, VALUE, BpfMap.ANY);
            MapBinding second = registry.plan("p", List.of(hash("h", 8, 8, 5), array("a", 8, 4)));
            second.commit();
            first.release();

            assertThat(second.kept()).containsExactly("a");
            assertThat(second.fresh()).containsExactly("h");
            assertThat(second.dropped()).containsExactly("h");
            assertThat(second.maps().get(1)).isSameAs(first.maps().get(0));
            assertThat(second.maps().get(1).get(1))
                    .hasValueSatisfying(v -> assertThat(v).isEqualTo(VALUE));
        }
    }

    @Test
    void commit_droppedMap_livesUntilItsLastImageIsReleased() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding first = registry.bind("p", List.of(array("a", 8, 4)));
            BpfMap old = first.maps().get(0);
            MapBinding second = registry.bind("p", List.of());
            assertThat(isClosed(old)).isFalse();
            first.release();
            assertThat(isClosed(old)).isTrue();
            first.release();
            second.release();
        }
    }

    @Test
    void commit_stalePlan_isRefused() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding early = registry.plan("p", List.of(array("a", 8, 4)));
            registry.bind("p", List.of(array("a", 8, 4)));
            assertThatThrownBy(early::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("plan again");
            early.release();
            assertThat(isClosed(early.maps().get(0))).isTrue();
            assertThat(isClosed(registry.maps("p").get(0))).isFalse();
        }
    }

    @Test
    void commit_afterRelease_isRefused() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding binding = registry.bind("p", List.of(array("a", 8, 4)));
            binding.release();
            assertThatThrownBy(binding::commit).hasMessageContaining("released already");
        }
    }

    @Test
    void commit_again_bringsTheMapsBackThatALaterVersionDropped() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding first = registry.bind("p", List.of(array("a", 8, 4)));
            first.maps().get(0).put(2, VALUE, BpfMap.ANY);
            MapBinding second = registry.bind("p", List.of(array("a", 16, 4)));
            assertThat(second.lost()).containsExactly("a (entries: 4, its definition changed)");
            first.commit();
            assertThat(registry.maps("p")).isEqualTo(first.maps());
            assertThat(registry.maps("p").getFirst().get(2)).contains(VALUE);
        }
    }

    @Test
    void oldMap_isACopyOfTheEarlierVersions_andNeverThePolicys() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding first = registry.bind("p", List.of(array("a", 8, 4), array("b", 8, 4)));
            first.maps().get(0).put(2, VALUE, BpfMap.ANY);
            MapBinding second = registry.plan(
                    "p",
                    List.of(array("a", 16, 4), array("old_a", 8, 4), array("b", 8, 4), array("old_b", 8, 4)),
                    false,
                    true);
            assertThat(second.migrated()).containsExactly("a");
            assertThat(second.kept()).containsExactly("b");
            assertThat(second.fresh()).containsExactly("a");
            assertThat(second.dropped()).isEmpty();
            assertThat(second.lost()).isEmpty();
            second.fillOldMaps();
            BpfMap old = second.maps().get(1);
            assertThat(old.get(2)).contains(VALUE);
            old.put(2, new byte[8], BpfMap.ANY);
            assertThat(first.maps().get(0).get(2)).contains(VALUE);
            second.commit();
            assertThat(registry.maps("p")).extracting(BpfMap::name).containsExactly("a", "b");
        }
    }

    @Test
    void oldMap_ofAnotherDefinitionThanTheEarlierVersions_staysEmpty() {
        try (MapRegistry registry = new MapRegistry()) {
            registry.bind("p", List.of(array("a", 8, 4)));
            MapBinding second = registry.plan("p", List.of(array("a", 16, 4), array("old_a", 4, 4)), false, true);
            assertThat(second.migrated()).isEmpty();
            assertThat(second.lost()).containsExactly("a (entries: 4, its definition changed)");
        }
    }

    @Test
    void plan_ofCopies_leavesThePolicysMapsAlone_untilItIsCommitted() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding live = registry.bind("p", List.of(array("a", 8, 4)));
            live.maps().get(0).put(2, VALUE, BpfMap.ANY);
            MapBinding copies = registry.plan("p", List.of(array("a", 8, 4)), true, false);
            assertThat(copies.kept()).containsExactly("a");
            assertThat(copies.maps().get(0).get(2)).contains(VALUE);
            copies.maps().get(0).put(2, new byte[8], BpfMap.ANY);
            assertThat(live.maps().get(0).get(2)).contains(VALUE);
            copies.commit();
            assertThat(registry.maps("p")).isEqualTo(copies.maps());
        }
    }

    @Test
    void release_leftPolicy_keepsItsMapsForItsReturn() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding first = registry.bind("p", List.of(array("a", 8, 4)));
            first.maps().get(0).put(2, VALUE, BpfMap.ANY);
            first.release();
            registry.bind("other", List.of(array("a", 8, 4)));
            MapBinding back = registry.bind("p", List.of(array("a", 8, 4)));
            assertThat(back.kept()).containsExactly("a");
            assertThat(back.maps().get(0).get(2))
                    .hasValueSatisfying(v -> assertThat(v).isEqualTo(VALUE));
            assertThat(registry.policies()).containsExactly("other", "p");
        }
    }

    @Test
    void drop_policyWithRunningImage_forgetsButDoesNotFree() {
        try (MapRegistry registry = new MapRegistry()) {
            MapBinding binding = registry.bind("p", List.of(array("a", 8, 4)));
            registry.drop("p");
            assertThat(registry.maps("p")).isEmpty();
            assertThat(registry.policies()).isEmpty();
            assertThat(isClosed(binding.maps().get(0))).isFalse();
            binding.release();
            assertThat(isClosed(binding.maps().get(0))).isTrue();
        }
    }

    @Test
    void plan_impossibleMaps_leavesNothingBehind() {
        try (MapRegistry registry = new MapRegistry()) {
            assertThatThrownBy(() -> registry.plan("p", List.of(array("a", 8, 4), array("a", 8, 4))))
                    .hasMessageContaining("two maps of name=a");
            assertThatThrownBy(() -> registry.plan("p", List.of(array("a", 8, 4), array("b", 65_536, 1 << 24))))
                    .hasMessageContaining("map b would take");
            assertThat(registry.policies()).isEmpty();
        }
    }

    /** A map is open exactly as long as the registry or an unreleased binding has it. */
    @Property(tries = 200)
    void maps_anyHistory_liveExactlyWhileHeld(@ForAll Random random) {
        List<MapDefinition> choices =
                List.of(array("a", 8, 2), array("a", 16, 2), array("b", 8, 2), hash("c", 4, 4, 2), hash("c", 8, 4, 2));
        List<MapBinding> open = new ArrayList<>();
        List<BpfMap> seen = new ArrayList<>();
        MapRegistry registry = new MapRegistry();
        for (int step = 0; step < 30; step++) {
            String policy = random.nextBoolean() ? "p" : "q";
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    List<MapDefinition> wanted = new ArrayList<>();
                    for (MapDefinition choice : choices) {
                        if (random.nextBoolean()
                                && wanted.stream().noneMatch(w -> w.name().equals(choice.name()))) {
                            wanted.add(choice);
                        }
                    }
                    MapBinding binding = registry.plan(policy, wanted);
                    assertThat(binding.maps().stream().map(BpfMap::definition).toList())
                            .isEqualTo(wanted);
                    seen.addAll(binding.maps());
                    open.add(binding);
                }
                case 2 -> {
                    commitSome(random, open);
                    registry.letGoReplaced();
                }
                case 3 -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).release();
                    }
                }
                default -> registry.drop(policy);
            }
            for (BpfMap map : seen) {
                boolean held = registry.maps("p").contains(map)
                        || registry.maps("q").contains(map)
                        || open.stream().anyMatch(b -> b.maps().contains(map));
                assertThat(isClosed(map)).isEqualTo(!held);
            }
        }
        registry.close();
        open.forEach(MapBinding::release);
        assertThat(seen).allMatch(MapRegistryTest::isClosed);
    }

    private static void commitSome(Random random, List<MapBinding> open) {
        if (open.isEmpty()) {
            return;
        }
        MapBinding binding = open.get(random.nextInt(open.size()));
        try {
            binding.commit();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageMatching(".*(already|plan again)");
        }
    }
}
