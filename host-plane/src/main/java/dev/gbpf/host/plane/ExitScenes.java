package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.host.failsafe.ExitScene;
import dev.gbpf.host.failsafe.ExitScene.CollectiveState;
import dev.gbpf.host.failsafe.ExitScene.EntryState;
import dev.gbpf.host.failsafe.ExitScene.MapState;
import dev.gbpf.host.failsafe.ExitScene.QueueState;
import dev.gbpf.host.failsafe.ExitScene.TenantState;
import dev.gbpf.host.failsafe.ExitScene.VsliceState;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks at a plane before a policy leaves. Takes a bounded time, whatever waits. */
final class ExitScenes {
    private ExitScenes() {}

    static ExitScene of(PlaneState state, Side side) {
        List<DispatchQueue> queues = new ArrayList<>();
        queues.add(side.global());
        queues.addAll(side.queues.own());
        queues.addAll(side.queues.meetings());
        List<QueueState> shown = new ArrayList<>();
        int leftOut = 0;
        for (DispatchQueue queue : queues) {
            Job head = queue.first();
            if (head != null && shown.size() < ExitScene.QUEUES) {
                shown.add(queue(queue, head));
            } else if (head != null) {
                leftOut++;
            }
        }
        return new ExitScene(
                counters(state, side),
                shown,
                leftOut,
                tenants(state),
                vslices(state),
                collectives(state),
                state.observation.flightRecorder().newest(ExitScene.DECISIONS),
                side.image == null ? List.of() : maps(side.image));
    }

    private static QueueState queue(DispatchQueue queue, Job head) {
        return new QueueState(
                queue.id(),
                queue.order().name().toLowerCase(Locale.ROOT),
                queue.length(),
                queue.heldUntilNs(),
                head.id(),
                head.tenant().index(),
                head.submittedNs(),
                head.vtime());
    }

    private static Map<String, Long> counters(PlaneState state, Side side) {
        PlaneStatistics statistics = state.statistics;
        Map<String, Long> counters = new LinkedHashMap<>();
        for (Hook hook : Hook.values()) {
            if (hook.plane() == Plane.HOST) {
                counters.put(hook.symbol(), statistics.decisions(hook));
            }
        }
        counters.put("image_decisions", side.decisions);
        counters.put("queued", (long) state.counts.queued());
        counters.put("running", (long) state.counts.running());
        counters.put("helper_calls", side.helpers.calls());
        counters.put("helper_errors", side.helpers.errors());
        counters.put("insert_errors", statistics.insertErrors());
        counters.put("empty_choices", statistics.emptyChoices());
        counters.put("deferrals", statistics.deferrals());
        counters.put("memory_waits", statistics.memoryWaits());
        counters.put("inherited_dispatches", statistics.inherited());
        counters.put("stale_dispatches", statistics.staleDispatches());
        counters.put("timed_decisions", state.observation.timed());
        counters.put("slow_decisions", state.observation.slow());
        return counters;
    }

    private static List<TenantState> tenants(PlaneState state) {
        List<TenantState> tenants = new ArrayList<>();
        for (Tenant tenant : state.config.tenants()) {
            tenants.add(new TenantState(
                    tenant.name(),
                    tenant.weight(),
                    tenant.priority(),
                    state.failsafe.waiting(tenant.index()),
                    state.counts.inflight((long) tenant.index())));
        }
        return tenants;
    }

    private static List<VsliceState> vslices(PlaneState state) {
        List<VsliceState> vslices = new ArrayList<>();
        for (int v = 0; v < state.device.vslices(); v++) {
            vslices.add(new VsliceState(state.device.sms(v), state.device.room(v)));
        }
        return vslices;
    }

    private static List<CollectiveState> collectives(PlaneState state) {
        return state.collectives.stream()
                .limit(ExitScene.COLLECTIVES)
                .map(operation -> new CollectiveState(
                        operation.communicator(),
                        operation.operation(),
                        operation.ranks(),
                        operation.entered(),
                        operation.started(),
                        operation.over(),
                        operation.enteredNs()))
                .toList();
    }

    private static List<MapState> maps(PolicyImage image) {
        List<MapState> maps = new ArrayList<>();
        for (BpfMap map : image.maps()) {
            List<EntryState> first = map.first(ExitScene.MAP_ENTRIES).stream()
                    .map(entry -> new EntryState(hex(entry.key()), hex(entry.value())))
                    .toList();
            maps.add(new MapState(
                    map.name(), map.definition().kind().keyword(), map.entries(), map.failedUpdates(), first));
        }
        return maps;
    }

    private static String hex(byte[] bytes) {
        return bytes.length <= ExitScene.MAP_BYTES
                ? HexFormat.of().formatHex(bytes)
                : HexFormat.of().formatHex(Arrays.copyOf(bytes, ExitScene.MAP_BYTES)) + "...";
    }
}
